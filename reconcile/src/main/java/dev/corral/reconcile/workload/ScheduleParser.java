package dev.corral.reconcile.workload;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads schedules, in the form that Kubernetes takes. */
final class ScheduleParser {
    private static final String EVERY = "@every ";
    private static final Map<String, String> MACROS = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");
    private static final Map<String, BigDecimal> NANOS = Map.of(
            "ns", new BigDecimal(1),
            "us", new BigDecimal(1_000),
            "µs", new BigDecimal(1_000),
            "ms", new BigDecimal(1_000_000),
            "s", new BigDecimal(1_000_000_000),
            "m", new BigDecimal(60_000_000_000L),
            "h", new BigDecimal(3_600_000_000_000L));
    private static final Pattern PART =
            Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{0,18})?|\\.[0-9]{1,18})(ns|us|µs|ms|s|m|h)");
    private static final BigDecimal LONGEST = new BigDecimal(Long.MAX_VALUE);

    private ScheduleParser() {}

    static Schedule parse(String expression) {
        try {
            return read(expression);
        } catch (IllegalArgumentException why) {
            throw new IllegalArgumentException(
                    "not a schedule: '" + Problems.printable(expression) + "': " + why.getMessage(), why);
        }
    }

    private static Schedule read(String expression) {
        if (expression.contains("TZ=")) {
            throw new IllegalArgumentException("a time zone has a field of its own, timeZone");
        }
        if (expression.startsWith(EVERY)) {
            return new IntervalSchedule(duration(expression.substring(EVERY.length())));
        }
        if (expression.startsWith("@")) {
            String fields = MACROS.get(expression);
            if (fields == null) {
                throw new IllegalArgumentException("it may be @yearly, @annually, @monthly, @weekly, @daily, @midnight,"
                        + " @hourly or, with a duration, @every");
            }
            return fields(fields);
        }
        return fields(expression);
    }

    private static Schedule fields(String expression) {
        String[] texts = expression.strip().split("\\s+", -1);
        if (texts.length != 5) {
            throw new IllegalArgumentException(
                    "it has 5 fields, minute, hour, day of month, month and day of week, and there "
                            + (texts.length == 1 ? "is " : "are ") + texts.length);
        }
        return new WallClockSchedule(
                ScheduleField.MINUTE.parse(texts[0]),
                ScheduleField.HOUR.parse(texts[1]),
                ScheduleField.DAY_OF_MONTH.parse(texts[2]),
                ScheduleField.MONTH.parse(texts[3]),
                ScheduleField.DAY_OF_WEEK.parse(texts[4]));
    }

    /** A duration as Go writes it, cut to whole seconds; less than one is one. */
    private static Duration duration(String text) {
        Matcher matcher = PART.matcher(text);
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            nanos = nanos.add(new BigDecimal(decimal(matcher.group(1))).multiply(NANOS.get(matcher.group(2))));
            end = matcher.end();
        }
        if (text.isEmpty() || end != text.length() || nanos.signum() == 0 || nanos.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("'" + Problems.printable(text)
                    + "' is not a duration above 0 and below 292 years, such as 90s, 15m or 1h30m");
        }
        long seconds = Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact())
                .toSeconds();
        return Duration.ofSeconds(Math.max(1, seconds));
    }

    private static String decimal(String number) {
        return number.endsWith(".") ? number + "0" : number;
    }
}
