package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    @ParameterizedTest(name = "{0} after {1}")
    @CsvSource(delimiter = '|', textBlock = """
            * * * * *              | 2026-01-01T00:00:00Z     | 2026-01-01T00:01:00Z 2026-01-01T00:02:00Z
            * * * * *              | 2026-01-01T00:00:59.999Z | 2026-01-01T00:01:00Z
            * * * * *              | 2025-12-31T23:59:59Z     | 2026-01-01T00:00:00Z
            0 3 * * *              | 2026-01-01T03:00:00Z     | 2026-01-02T03:00:00Z
            0 3 * * *              | 2026-01-01T02:59:59Z     | 2026-01-01T03:00:00Z
            */15 * * * *           | 2026-01-01T00:07:00Z     | 2026-01-01T00:15:00Z 2026-01-01T00:30:00Z
            5/20 * * * *           | 2026-01-01T00:07:00Z     | 2026-01-01T00:25:00Z 2026-01-01T00:45:00Z 2026-01-01T01:05:00Z
            10-20/5 * * * *        | 2026-01-01T00:07:00Z     | 2026-01-01T00:10:00Z 2026-01-01T00:15:00Z 2026-01-01T00:20:00Z 2026-01-01T01:10:00Z
            1,31 9-10 * * *        | 2026-01-01T09:31:00Z     | 2026-01-01T10:01:00Z 2026-01-01T10:31:00Z 2026-01-02T09:01:00Z
            59 23 31 12 *          | 2026-01-01T00:00:00Z     | 2026-12-31T23:59:00Z 2027-12-31T23:59:00Z
            0 0 29 2 *             | 2026-01-01T00:00:00Z     | 2028-02-29T00:00:00Z 2032-02-29T00:00:00Z
            0 0 31 * *             | 2026-01-31T00:00:00Z     | 2026-03-31T00:00:00Z 2026-05-31T00:00:00Z
            0 0 * JAN-mar Mon      | 2026-03-30T00:00:00Z     | 2027-01-04T00:00:00Z
            0 0 * * sun            | 2026-01-01T00:00:00Z     | 2026-01-04T00:00:00Z 2026-01-11T00:00:00Z
            0 0 * * 0              | 2026-01-01T00:00:00Z     | 2026-01-04T00:00:00Z
            0 0 * * 6              | 2026-01-01T00:00:00Z     | 2026-01-03T00:00:00Z
            0 0 * * FRI-Sat        | 2026-01-01T00:00:00Z     | 2026-01-02T00:00:00Z 2026-01-03T00:00:00Z 2026-01-09T00:00:00Z
            0 0 13 * 5             | 2026-02-01T00:00:00Z     | 2026-02-06T00:00:00Z 2026-02-13T00:00:00Z 2026-02-20T00:00:00Z
            0 0 */2 * 1            | 2026-01-01T00:00:00Z     | 2026-01-03T00:00:00Z 2026-01-05T00:00:00Z 2026-01-07T00:00:00Z
            0 0 13 * *             | 2026-02-01T00:00:00Z     | 2026-02-13T00:00:00Z 2026-03-13T00:00:00Z
            0 0 13 * */2           | 2026-02-01T00:00:00Z     | 2026-02-03T00:00:00Z 2026-02-05T00:00:00Z 2026-02-07T00:00:00Z
            0 0 */1 * 1            | 2026-01-01T00:00:00Z     | 2026-01-05T00:00:00Z 2026-01-12T00:00:00Z
            0 0 ? * 1              | 2026-01-01T00:00:00Z     | 2026-01-05T00:00:00Z
            0 0 13,* * 1           | 2026-01-01T00:00:00Z     | 2026-01-05T00:00:00Z
            @yearly                | 2026-01-01T00:00:00Z     | 2027-01-01T00:00:00Z
            @annually              | 2026-06-01T00:00:00Z     | 2027-01-01T00:00:00Z
            @monthly               | 2026-01-01T00:00:00Z     | 2026-02-01T00:00:00Z 2026-03-01T00:00:00Z
            @weekly                | 2026-01-01T00:00:00Z     | 2026-01-04T00:00:00Z
            @daily                 | 2026-01-01T12:00:00Z     | 2026-01-02T00:00:00Z
            @midnight              | 2026-01-01T12:00:00Z     | 2026-01-02T00:00:00Z
            @hourly                | 2026-01-01T12:00:00Z     | 2026-01-01T13:00:00Z
            @every 90s             | 2026-01-01T00:00:00.5Z   | 2026-01-01T00:01:30Z 2026-01-01T00:03:00Z
            @every 1h30m           | 2026-01-01T00:00:00Z     | 2026-01-01T01:30:00Z
            @every 1.5h            | 2026-01-01T00:00:00Z     | 2026-01-01T01:30:00Z
            @every 10ms            | 2026-01-01T00:00:00Z     | 2026-01-01T00:00:01Z
            @every 2.9s            | 2026-01-01T00:00:00Z     | 2026-01-01T00:00:02Z
            0 0 31 2 *             | 2026-01-01T00:00:00Z     |
            0 0 30 2 *             | 2026-01-01T00:00:00Z     |
            0 0 29 2 *             | 2097-01-01T00:00:00Z     |
            """)
    void isDueNext(String expression, Instant after, String expected) {
        assertThat(chain(expression, ZoneOffset.UTC, after, expected)).isEqualTo(expected == null ? "none" : expected);
    }

    /** A time of day that is left out does not run; one that comes twice runs twice. */
    @ParameterizedTest(name = "{0} in {1} after {2}")
    @CsvSource(delimiter = '|', textBlock = """
            30 2 * * *   | Europe/Berlin       | 2026-03-28T00:00:00Z | 2026-03-28T01:30:00Z 2026-03-30T00:30:00Z
            0 2 * * *    | Europe/Berlin       | 2026-03-28T12:00:00Z | 2026-03-30T00:00:00Z
            0 3 * * *    | Europe/Berlin       | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z
            0 * * * *    | Europe/Berlin       | 2026-03-29T00:00:00Z | 2026-03-29T01:00:00Z 2026-03-29T02:00:00Z
            30 2 * * *   | Europe/Berlin       | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z 2026-10-26T01:30:00Z
            0 3 * * *    | Europe/Berlin       | 2026-10-24T12:00:00Z | 2026-10-25T02:00:00Z
            0 2 * * *    | Europe/Berlin       | 2026-10-24T12:00:00Z | 2026-10-25T00:00:00Z 2026-10-25T01:00:00Z 2026-10-26T01:00:00Z
            */20 * * * * | Europe/Berlin       | 2026-10-25T00:30:00Z | 2026-10-25T00:40:00Z 2026-10-25T01:00:00Z 2026-10-25T01:20:00Z
            30 2 * * *   | America/New_York    | 2026-03-07T12:00:00Z | 2026-03-09T06:30:00Z
            30 1 * * *   | America/New_York    | 2026-10-31T12:00:00Z | 2026-11-01T05:30:00Z 2026-11-01T06:30:00Z 2026-11-02T06:30:00Z
            0 9 * * 1-5  | America/New_York    | 2026-03-06T12:00:00Z | 2026-03-06T14:00:00Z 2026-03-09T13:00:00Z
            15 2 * * *   | Australia/Lord_Howe | 2026-10-02T20:00:00Z | 2026-10-04T15:15:00Z
            45 1 * * *   | Australia/Lord_Howe | 2026-04-04T00:00:00Z | 2026-04-04T14:45:00Z 2026-04-04T15:15:00Z 2026-04-05T15:15:00Z
            0 0 * * *    | America/Havana      | 2024-03-09T12:00:00Z | 2024-03-11T04:00:00Z
            30 0 * * *   | America/Havana      | 2024-11-02T12:00:00Z | 2024-11-03T04:30:00Z 2024-11-03T05:30:00Z 2024-11-04T05:30:00Z
            0 0 * * *    | America/Sao_Paulo   | 2018-11-03T12:00:00Z | 2018-11-05T02:00:00Z
            30 23 * * *  | America/Sao_Paulo   | 2019-02-16T12:00:00Z | 2019-02-17T01:30:00Z 2019-02-17T02:30:00Z 2019-02-18T02:30:00Z
            0 0 * * *    | America/Sao_Paulo   | 2019-02-16T12:00:00Z | 2019-02-17T03:00:00Z
            0 12 * * *   | Pacific/Apia        | 2011-12-29T12:00:00Z | 2011-12-29T22:00:00Z 2011-12-30T22:00:00Z
            0 0 30 12 *  | Pacific/Apia        | 2011-12-01T00:00:00Z | 2012-12-29T10:00:00Z
            0 0 * * *    | Asia/Kolkata        | 2026-01-01T00:00:00Z | 2026-01-01T18:30:00Z
            0 0 * * 1    | Asia/Tokyo          | 2026-01-01T00:00:00Z | 2026-01-04T15:00:00Z
            @daily       | Europe/London       | 2026-06-01T12:00:00Z | 2026-06-01T23:00:00Z
            @every 1h    | Europe/Berlin       | 2026-03-29T00:30:00Z | 2026-03-29T01:30:00Z 2026-03-29T02:30:00Z
            """)
    void goesByTheClocksOfItsZone(String expression, String zone, Instant after, String expected) {
        assertThat(chain(expression, ZoneId.of(zone), after, expected)).isEqualTo(expected);
    }

    private static String chain(String expression, ZoneId zone, Instant after, String expected) {
        int count = expected == null ? 1 : expected.split(" ").length;
        Schedule schedule = Schedule.parse(expression);
        List<String> found = new ArrayList<>();
        Optional<Instant> at = Optional.of(after);
        for (int i = 0; i < count && at.isPresent(); i++) {
            at = schedule.next(at.get(), zone);
            found.add(at.map(Instant::toString).orElse("none"));
        }
        return String.join(" ", found);
    }

    /** The same as looking at every minute of some years, in zones that do everything that zones do. */
    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2026-03-20",
        "Europe/Berlin, 2026-10-15",
        "America/New_York, 2026-10-25",
        "Australia/Lord_Howe, 2026-03-28",
        "America/Havana, 2026-03-01",
        "America/Sao_Paulo, 2019-02-10",
        "Pacific/Apia, 2011-12-22"
    })
    void agreesWithTheClockMinuteByMinute(String zoneId, LocalDate from) {
        ZoneId zone = ZoneId.of(zoneId);
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 30; round++) {
            String expression = String.join(
                    " ",
                    field(random, 0, 59),
                    field(random, 0, 23),
                    random.nextBoolean() ? "*" : field(random, 1, 31),
                    "*",
                    random.nextBoolean() ? "*" : field(random, 0, 6));
            WallClockSchedule schedule = (WallClockSchedule) Schedule.parse(expression);
            Instant begin = from.atStartOfDay(zone).toInstant();
            List<Instant> expected = IntStream.range(1, 16 * 24 * 60)
                    .mapToObj(minute -> begin.truncatedTo(ChronoUnit.MINUTES).plusSeconds(60L * minute))
                    .filter(begin::isBefore)
                    .filter(at -> matches(schedule, LocalDateTime.ofInstant(at, zone)))
                    .limit(100)
                    .toList();
            Instant at = begin;
            for (Instant due : expected) {
                at = schedule.next(at, zone).orElseThrow();
                assertThat(at).as("%s in %s", expression, zone).isEqualTo(due);
            }
        }
    }

    private static boolean matches(WallClockSchedule schedule, LocalDateTime time) {
        boolean month = schedule.daysOfMonth().has(time.getDayOfMonth());
        boolean week = schedule.daysOfWeek().has(time.getDayOfWeek().getValue() % 7);
        boolean star = schedule.daysOfMonth().star() || schedule.daysOfWeek().star();
        boolean day = star ? (month && week) : (month || week);
        return time.getSecond() == 0
                && day
                && schedule.minutes().has(time.getMinute())
                && schedule.hours().has(time.getHour());
    }

    private static String field(SplittableRandom random, int least, int most) {
        int first = random.nextInt(least, most + 1);
        return switch (random.nextInt(4)) {
            case 0 -> "*/" + random.nextInt(1, most);
            case 1 -> Integer.toString(first);
            case 2 -> first + "-" + random.nextInt(first, most + 1);
            default -> first + "," + random.nextInt(least, most + 1);
        };
    }

    @ParameterizedTest(name = "[{0}]")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""                     | it has 5 fields
            * * * *                | there are 4
            * * * * * *            | there are 6
            60 * * * *             | minute '60': it goes from 0 to 59
            * 24 * * *             | hour '24'
            * * 0 * *              | day of month '0': it goes from 1 to 31
            * * 32 * *             | day of month '32'
            * * * 0 *              | month '0'
            * * * 13 *             | month '13'
            * * * * 7              | day of week '7': it goes from 0 to 6
            * * * * sunday         | 'sunday' is not a number or name
            * * * jan-foo *        | 'foo' is not a number or name
            mon * * * *            | 'mon' is not a number
            5-1 * * * *            | a range must rise
            * * * * fri-mon        | a range must rise
            */0 * * * *            | a step is 1 or more
            1/2/3 * * * *          | more than one '/'
            1-2-3 * * * *          | more than one '-'
            1, * * * *             | '' is not a number
            -1 * * * *             | '' is not a number
            *-5 * * * *            | '*' is not a number
            +1 * * * *             | '+1' is not a number
            1.5 * * * *            | '1.5' is not a number
            99999999999 * * * *    | is not a number
            @often                 | @yearly, @annually
            @every                 | @yearly, @annually
            @every 5               | '5' is not a duration
            @every 0s              | '0s' is not a duration
            @every -5m             | '-5m' is not a duration
            @every 1h x            | '1h x' is not a duration
            @every 999999999h      | is not a duration
            TZ=UTC * * * * *       | timeZone
            CRON_TZ=UTC 0 3 * * *  | timeZone
            """)
    void refusesWhatIsNone(String expression, String why) {
        assertThatThrownBy(() -> Schedule.parse(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a schedule: '")
                .hasMessageContaining(why);
    }

    @Test
    void survivesAnyText() {
        SplittableRandom random = new SplittableRandom(1);
        String alphabet = "0123456789*/-,? @everyhmsJAN\t\u0000é****";
        int schedules = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(i % 2 == 0 ? "" : "* * * * ");
            random.ints(random.nextInt(i % 2 == 0 ? 20 : 4), 0, alphabet.length())
                    .forEach(c -> text.append(alphabet.charAt(c)));
            try {
                Schedule.parse(text.toString()).next(Instant.EPOCH, ZoneOffset.UTC);
                schedules++;
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageStartingWith("not a schedule: '");
            }
        }
        assertThat(schedules).isPositive();
    }

    /** There is no 29 February in 2100. */
    @ParameterizedTest
    @CsvSource({"2099-03-01T00:00:00Z, 2104-02-29T00:00:00Z", "2098-03-01T00:00:00Z, never"})
    void looksFiveYearsAhead(Instant after, String next) {
        assertThat(Schedule.parse("0 0 29 2 *")
                        .next(after, ZoneOffset.UTC)
                        .map(Instant::toString)
                        .orElse("never"))
                .isEqualTo(next);
    }

    @Test
    void givesUpAfterFiveYearsInReasonableTime() {
        Instant begin = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(Schedule.parse("0 0 30 2 1").next(begin, ZoneOffset.UTC))
                .as("Mondays in February")
                .contains(Instant.parse("2026-02-02T00:00:00Z"));
        assertThat(Schedule.parse("* * 31 4,6,9,11 *").next(begin, ZoneId.of("Europe/Berlin")))
                .isEmpty();
        assertThat(Duration.between(
                        begin,
                        Schedule.parse("0 0 1 1 *").next(begin, ZoneOffset.UTC).orElseThrow()))
                .isEqualTo(Duration.ofDays(365));
    }
}
