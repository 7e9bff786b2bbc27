package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.lamp;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** The pass in the log's context. In a JVM of its own, since the logger of the tests' has no context. */
class LogContextTest {
    @Test
    void eachLineOfAPassNamesIt() throws Exception {
        List<String> lines = OtherProgram.lines(Program.class, "-Dslf4j.provider=" + Provider.class.getName());
        assertThat(lines)
                .as(
                        "what a reconciler says, what the engine says of it, and what is said of the context that was there before")
                .containsSubsequence("mine before", "Lamp-1 switched on", "Lamp-2 switched on", "mine after")
                .anyMatch(line -> line.startsWith("Lamp-1 Lamp: pass 1 in a row failed"));
    }

    /** A reconciler that fails the first time. */
    static final class Program {
        private Program() {}

        /** All passes run on this thread, which has a context of its own. */
        public static void main(String[] arguments) {
            MDC.put("corral.pass", "mine");
            LoggerFactory.getLogger("main").info("before");
            try (Plane plane = new Plane()) {
                plane.manager.controller(LAMP, lamp -> {
                    LoggerFactory.getLogger("lamp").info("switched on");
                    if (lamp.attempt().number() == 1) {
                        throw new IllegalStateException("on purpose");
                    }
                    return Plan.children();
                });
                plane.start().apply(lamp("hall", 1)).advance(Duration.ofSeconds(1));
            }
            LoggerFactory.getLogger("main").info("after");
        }
    }

    /** A logger with a context, as common ones have it. */
    public static final class Provider implements SLF4JServiceProvider {
        private final IMarkerFactory markers = new BasicMarkerFactory();
        private final MDCAdapter context = new BasicMDCAdapter();

        @Override
        public ILoggerFactory getLoggerFactory() {
            return name -> new Lines();
        }

        @Override
        public IMarkerFactory getMarkerFactory() {
            return markers;
        }

        @Override
        public MDCAdapter getMDCAdapter() {
            return context;
        }

        @Override
        public String getRequestedApiVersion() {
            return "2.0.99";
        }

        @Override
        public void initialize() {}
    }

    /** Prints the pass and the message. */
    private static final class Lines extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String message,
                Object @Nullable [] arguments,
                @Nullable Throwable error) {
            System.out.println(MDC.get("corral.pass") + " " + MessageFormatter.basicArrayFormat(message, arguments));
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }
}
