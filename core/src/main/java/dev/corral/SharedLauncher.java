package dev.corral;

import dev.corral.internal.launch.Launcher;
import dev.corral.internal.launch.NowhereToRun;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.NativePart;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The launcher of this JVM, made on first use, and what it can do: the one thing that all commands share. */
final class SharedLauncher {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile @Nullable Launcher shared;
    private static volatile @Nullable Capabilities probed;

    private SharedLauncher() {}

    /** What this JVM's launcher can do; found out once, if not at a bad moment. */
    static Capabilities capabilities() {
        Capabilities known = probed;
        if (known != null) {
            return known;
        }
        Launcher launcher;
        try {
            launcher = get();
        } catch (LauncherUnavailable unavailable) { // which may pass: not to be kept
            return Capabilities.none(String.valueOf(unavailable.getMessage()));
        }
        LOCK.lock();
        try {
            Capabilities found = probed;
            if (found == null) {
                found = Capabilities.probe(launcher);
                probed = found.lasting() ? found : null;
            }
            return found;
        } finally {
            LOCK.unlock();
        }
    }

    static Launcher get() {
        Launcher loaded = shared;
        if (loaded != null) {
            return loaded;
        }
        LOCK.lock();
        try {
            if (shared == null) {
                shared = Launcher.load();
            }
            return shared;
        } catch (NowhereToRun nowhere) {
            throw new LauncherUnavailable("no place to run the launcher from: " + nowhere.getMessage(), nowhere);
        } catch (IOException missing) {
            throw new LauncherUnavailable("the launcher program can't be read: " + missing.getMessage(), missing);
        } catch (LinkageError unloadable) {
            throw new LauncherUnavailable(NativePart.why(unloadable), unloadable);
        } catch (ErrnoException refused) {
            String why = Diagnosis.shortage(refused.errno());
            throw new LauncherUnavailable(
                    "no place to run the launcher from: " + refused.getMessage() + (why.isEmpty() ? "" : ": " + why),
                    refused);
        } finally {
            LOCK.unlock();
        }
    }
}
