package dev.corral.examples.architecture.crooked.internal.launch;

import com.sun.jna.Pointer;
import dev.corral.examples.architecture.crooked.CrookedHouse;

/** Sees JNA outside the one room for it, and the package above: a circle too. */
public final class KnowsWhatIsAbove {
    public Class<?> above() {
        return CrookedHouse.class;
    }

    public Pointer seesJna() {
        return Pointer.NULL;
    }
}
