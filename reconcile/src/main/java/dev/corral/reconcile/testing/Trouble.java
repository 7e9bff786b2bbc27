package dev.corral.reconcile.testing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The kinds of misfortune: what each is called in reports, where it strikes, and what may be said more exactly. */
enum Trouble {
    CONFLICT("conflict", Site.CONTROLLER_WRITE, Detail.NONE),
    WRITE_FAILS_BEFORE("fails", Site.WRITE, Detail.NONE),
    WRITE_SUCCEEDS_BUT_ERRORS("lost", Site.WRITE, Detail.NONE),
    CRASH_AFTER_WRITE("crash", Site.CONTROLLER_WRITE, Detail.NONE),
    CACHE_LAG("lag", Site.CONTROLLER_WRITE, Detail.KIND),
    SLOW_RECONCILE("slow", Site.CONTROLLER_WRITE, Detail.SECONDS),
    LEADER_PAUSE("pause", Site.CONTROLLER_WRITE, Detail.SECONDS),
    EFFECT_FAILS_BEFORE("effectfails", Site.EFFECT, Detail.NONE),
    EFFECT_SUCCEEDS_BUT_ERRORS("effectlost", Site.EFFECT, Detail.NONE),
    CRASH_AFTER_EFFECT("effectcrash", Site.EFFECT, Detail.NONE),
    DROP_EVENT("drop", Site.DELIVERY, Detail.SECONDS),
    DUPLICATE_EVENT("duplicate", Site.DELIVERY, Detail.NONE),
    COALESCE("coalesce", Site.DELIVERY, Detail.NONE),
    REORDER_ACROSS_KINDS("reorder", Site.DELIVERY, Detail.NUMBER),
    WATCH_BREAK("break", Site.DELIVERY, Detail.NONE),
    CLOCK_JUMP("jump", Site.STEP, Detail.MINUTES),
    PROCESS_DIES("dies", Site.STEP, Detail.END),
    PROBE_FLAPS("flaps", Site.STEP, Detail.ANSWERS),
    START_FAILS("nostart", Site.START, Detail.NONE),
    IGNORES_SIGTERM("deaf", Site.START, Detail.NONE);

    /** How often it strikes at a site unless somebody says otherwise: at commits more often than at anything that happens. */
    double standardProbability() {
        return site == Site.STEP ? 0.003 : 0.03;
    }

    private enum Detail {
        NONE,
        KIND,
        SECONDS,
        MINUTES,
        NUMBER,
        ANSWERS,
        END
    }

    private final String token;
    private final Site site;
    private final Detail detail;

    Trouble(String token, Site site, Detail detail) {
        this.token = token;
        this.site = site;
        this.detail = detail;
    }

    String token() {
        return token;
    }

    Site site() {
        return site;
    }

    /** Something that fits, where a fault leaves it open; empty text if there is nothing to say. */
    String draw(RandomGenerator random, List<String> kinds) {
        return switch (detail) {
            case NONE -> "";
            case KIND ->
                kinds.isEmpty()
                        ? ""
                        : kinds.get(random.nextInt(kinds.size())) + " "
                                + text(Duration.ofMillis(100L << random.nextInt(8)));
            case SECONDS -> text(Duration.ofMillis(100L << random.nextInt(8)));
            case MINUTES -> text(Duration.ofMinutes(1L << random.nextInt(7)));
            case NUMBER -> Integer.toString(random.nextInt(1000));
            case ANSWERS -> Integer.toString(1 + random.nextInt(5)) + " " + random.nextInt(1000);
            case END -> List.of("0", "1", "SIGKILL", "SIGSEGV").get(random.nextInt(4)) + " " + random.nextInt(1000);
        };
    }

    static Optional<Trouble> named(String token) {
        for (Trouble trouble : values()) {
            if (trouble.token.equals(token)) {
                return Optional.of(trouble);
            }
        }
        return Optional.empty();
    }

    /** A duration as it stands in a report: whole milliseconds. */
    static String text(Duration duration) {
        return duration.toMillis() + "ms";
    }
}
