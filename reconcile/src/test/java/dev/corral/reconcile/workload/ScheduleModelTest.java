package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules beside a look at every minute, around the times at which the clocks of a zone are set. */
class ScheduleModelTest {
    private static final Duration DAYS = Duration.ofDays(4);
    private static final int STARTS = 25;
    private static final String[][] FIELDS = {
        {"*", "0", "30", "*/15", "5/20", "59", "10-20/3"},
        {"*", "0", "1", "2", "3", "23", "*/2", "0-3", "22-23", "1,2"},
        {"*", "*", "1", "*/2", "30,31", "28-31"},
        {"*", "*", "3", "10,11", "*/3"},
        {"*", "*", "0", "1-5", "*/2", "6"}
    };
    private static final int[][] BOUNDS = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}};

    /** Half an hour, at midnight, a day that is left out, two hours, four times a year, to another zone for good, none at all. */
    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2026",
        "America/New_York, 2026",
        "Australia/Lord_Howe, 2026",
        "America/Sao_Paulo, 2018",
        "America/Havana, 2026",
        "Pacific/Apia, 2011",
        "Antarctica/Troll, 2026",
        "Africa/Casablanca, 2026",
        "America/Caracas, 2016",
        "Asia/Kathmandu, 2026"
    })
    void comesAtEachMinuteThatMatchesAndAtNoOther(ZoneId zone, int year) {
        Random random = new Random(year);
        for (Instant change : changes(zone, year)) {
            for (int i = 0; i < STARTS; i++) {
                Instant begin = change.minusSeconds(random.nextInt(3 * 86_400));
                String[] fields = Stream.of(FIELDS)
                        .map(choices -> choices[random.nextInt(choices.length)])
                        .toArray(String[]::new);
                String expression = String.join(" ", fields);
                String story = expression + " in " + zone + " after " + begin;
                Schedule schedule = Schedule.parse(expression);
                List<Instant> expected = minutes(fields, zone, begin);
                assertThat(times(schedule, zone, begin)).as(story).isEqualTo(expected);
                Instant now = begin.plusSeconds(random.nextInt((int) DAYS.toSeconds() - 60));
                assertThat(DueTime.of(schedule, zone, begin, now).latest())
                        .as(story + ", at " + now)
                        .isEqualTo(expected.stream()
                                .filter(time -> !time.isAfter(now))
                                .reduce((one, later) -> later));
            }
        }
    }

    private static List<Instant> changes(ZoneId zone, int year) {
        Instant begin = Instant.parse(year + "-01-01T00:00:00Z");
        Instant end = Instant.parse(year + 1 + "-01-01T00:00:00Z");
        List<Instant> changes = new ArrayList<>(List.of(begin));
        ZoneOffsetTransition next = zone.getRules().nextTransition(begin);
        while (next != null && next.getInstant().isBefore(end)) {
            changes.add(next.getInstant());
            next = zone.getRules().nextTransition(next.getInstant());
        }
        return changes;
    }

    private static List<Instant> times(Schedule schedule, ZoneId zone, Instant begin) {
        List<Instant> times = new ArrayList<>();
        Optional<Instant> next = schedule.next(begin, zone);
        while (next.filter(time -> time.isBefore(begin.plus(DAYS))).isPresent()) {
            times.add(next.get());
            next = schedule.next(next.get(), zone);
        }
        return times;
    }

    private static List<Instant> minutes(String[] fields, ZoneId zone, Instant begin) {
        return Stream.iterate(
                        begin.truncatedTo(ChronoUnit.MINUTES).plusSeconds(60),
                        minute -> minute.isBefore(begin.plus(DAYS)),
                        minute -> minute.plusSeconds(60))
                .filter(minute -> matches(fields, LocalDateTime.ofInstant(minute, zone)))
                .toList();
    }

    private static boolean matches(String[] fields, LocalDateTime time) {
        boolean ofMonth = has(fields, 2, time.getDayOfMonth());
        boolean ofWeek = has(fields, 4, time.getDayOfWeek().getValue() % 7);
        boolean open = fields[2].equals("*") || fields[4].equals("*");
        return has(fields, 0, time.getMinute())
                && has(fields, 1, time.getHour())
                && has(fields, 3, time.getMonthValue())
                && (open ? ofMonth && ofWeek : ofMonth || ofWeek);
    }

    private static boolean has(String[] fields, int field, int value) {
        return Stream.of(fields[field].split(",", -1)).anyMatch(part -> {
            String[] stepped = part.split("/", -1);
            String[] ends = stepped[0].split("-", -1);
            boolean all = stepped[0].equals("*");
            int first = all ? BOUNDS[field][0] : Integer.parseInt(ends[0]);
            int last = ends.length == 2 ? Integer.parseInt(ends[1]) : first;
            last = all || (ends.length == 1 && stepped.length == 2) ? BOUNDS[field][1] : last;
            int step = stepped.length == 2 ? Integer.parseInt(stepped[1]) : 1;
            return first <= value && value <= last && (value - first) % step == 0;
        });
    }
}
