package dev.corral;

import dev.corral.internal.launch.Launcher;
import dev.corral.internal.launch.NowhereToRun;
import dev.corral.internal.linux.ErrnoException;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The launcher of this JVM, made on first use: the one thing that all commands share. */
final class SharedLauncher {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile @Nullable Launcher shared;

    private SharedLauncher() {}

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
            throw new LauncherUnavailable(
                    "JNA can't load its native part: " + unloadable.getMessage()
                            + "; it wants a place to unpack to that is not mounted noexec (jna.tmpdir)",
                    unloadable);
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
