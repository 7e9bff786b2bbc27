package dev.corral.namespaces;

import dev.corral.Capabilities;
import dev.corral.Feature;
import dev.corral.LaunchException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Skips a test whose launch was refused because of the place: if the probe says so too, and with its words. A launch that is
 * refused although the probe promised it fails the test, as everything else does.
 */
public final class SkippedWhereRefused
        implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
    /** For {@code @ExtendWith}. */
    public SkippedWhereRefused() {}

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw skipped(thrown);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw skipped(thrown);
    }

    private static Throwable skipped(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .filter(LaunchException.class::isInstance)
                .map(LaunchException.class::cast)
                .findFirst()
                .flatMap(refused -> refused.failure().flatMap(SkippedWhereRefused::whyNot))
                .<Throwable>map(why -> new TestAbortedException("[not to be had here: " + why + "]", thrown))
                .orElse(thrown);
    }

    /** What the probe says of the step that failed. */
    private static Optional<String> whyNot(LaunchException.Failure failure) {
        Capabilities here = Capabilities.probe();
        return switch (failure.step()) {
            case "clone" -> here.whyNot(Feature.USER_NAMESPACE);
            case "proc" -> here.whyNot(Feature.PROC);
            case "mount" ->
                Stream.of(Feature.ROOT, Feature.SYSFS)
                        .flatMap(feature -> here.whyNot(feature).stream())
                        .findFirst();
            default -> Optional.empty();
        };
    }
}
