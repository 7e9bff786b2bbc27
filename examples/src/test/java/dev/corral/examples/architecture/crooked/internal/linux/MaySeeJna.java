package dev.corral.examples.architecture.crooked.internal.linux;

import com.sun.jna.Pointer;

/** The one room that may. */
public final class MaySeeJna {
    public Pointer pointer() {
        return Pointer.NULL;
    }
}
