package dev.corral.reconcile.workload;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Due at times of day on some days, by the clocks of a zone.
 *
 * <p>A day on which nothing happens to the clocks is gone through by its fields. One on which they are set is gone through
 * minute by minute, because its times of day neither all exist nor come in their order.
 */
record WallClockSchedule(
        ScheduleField.Values minutes,
        ScheduleField.Values hours,
        ScheduleField.Values daysOfMonth,
        ScheduleField.Values months,
        ScheduleField.Values daysOfWeek)
        implements Schedule {
    private static final int YEARS = 5;

    @Override
    public Optional<Instant> next(Instant after, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        LocalDate today = LocalDate.ofInstant(after, zone);
        int lastYear = today.getYear() + YEARS;
        // Clocks that go back over midnight bring yesterday again.
        LocalDate day = today.minusDays(1);
        while (day.getYear() <= lastYear) {
            if (!months.has(day.getMonthValue())) {
                day = day.withDayOfMonth(1).plusMonths(1);
                continue;
            }
            Optional<Instant> found = on(day, after, rules);
            if (found.isPresent()) {
                // For the same reason something of tomorrow may come before the second half of today.
                return Stream.of(found, on(day.plusDays(1), after, rules))
                        .flatMap(Optional::stream)
                        .min(Instant::compareTo);
            }
            day = day.plusDays(1);
        }
        return Optional.empty();
    }

    /** The first time of a day after an instant. */
    private Optional<Instant> on(LocalDate day, Instant after, ZoneRules rules) {
        if (!matches(day)) {
            return Optional.empty();
        }
        LocalDateTime midnight = day.atStartOfDay();
        ZoneOffset offset = rules.getOffset(midnight);
        Instant begin = midnight.toInstant(offset);
        if (undisturbed(rules, begin)) {
            LocalDateTime earliest = LocalDateTime.ofEpochSecond(after.getEpochSecond() + 1, 0, offset);
            return first(day, earliest.isBefore(midnight) ? midnight : earliest).map(time -> time.toInstant(offset));
        }
        return times(day)
                .flatMap(time -> rules.getValidOffsets(time).stream().map(time::toInstant))
                .filter(after::isBefore)
                .min(Instant::compareTo);
    }

    /** Whether no clock is set from half a day before a day until half a day after it. */
    private static boolean undisturbed(ZoneRules rules, Instant begin) {
        ZoneOffsetTransition next = rules.nextTransition(begin.minusSeconds(12 * 3600));
        return next == null || next.getInstant().isAfter(begin.plusSeconds(36 * 3600));
    }

    private boolean matches(LocalDate day) {
        boolean inMonth = daysOfMonth.has(day.getDayOfMonth());
        boolean inWeek = daysOfWeek.has(day.getDayOfWeek().getValue() % 7);
        boolean eitherOpen = daysOfMonth.star() || daysOfWeek.star();
        return months.has(day.getMonthValue()) && (eitherOpen ? inMonth && inWeek : inMonth || inWeek);
    }

    /** The first matching time of a day, from one on, by the fields. */
    private Optional<LocalDateTime> first(LocalDate day, LocalDateTime from) {
        if (from.toLocalDate().isAfter(day)) {
            return Optional.empty();
        }
        int minute = from.getHour() * 60 + from.getMinute() + (from.getSecond() > 0 ? 1 : 0);
        int hour = hours.from(minute / 60);
        while (hour >= 0) {
            int within = minutes.from(hour == minute / 60 ? minute % 60 : 0);
            if (within >= 0) {
                return Optional.of(day.atTime(hour, within));
            }
            hour = hours.from(hour + 1);
        }
        return Optional.empty();
    }

    private Stream<LocalDateTime> times(LocalDate day) {
        return Stream.iterate(0, minute -> minute < 24 * 60, minute -> minute + 1)
                .filter(minute -> hours.has(minute / 60) && minutes.has(minute % 60))
                .map(minute -> day.atTime(minute / 60, minute % 60));
    }
}
