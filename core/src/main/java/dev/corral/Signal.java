package dev.corral;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signal, by its Linux number. Source: signal(7).
 *
 * @param number 1 to 64
 */
public record Signal(int number) {
    private static final int FIRST_REAL_TIME = 34;
    private static final int LAST = 64;
    private static final Pattern REAL_TIME = Pattern.compile("RTMIN\\+([0-9]{1,2})");
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "HUP"),
            Map.entry(2, "INT"),
            Map.entry(3, "QUIT"),
            Map.entry(4, "ILL"),
            Map.entry(5, "TRAP"),
            Map.entry(6, "ABRT"),
            Map.entry(7, "BUS"),
            Map.entry(8, "FPE"),
            Map.entry(9, "KILL"),
            Map.entry(10, "USR1"),
            Map.entry(11, "SEGV"),
            Map.entry(12, "USR2"),
            Map.entry(13, "PIPE"),
            Map.entry(14, "ALRM"),
            Map.entry(15, "TERM"),
            Map.entry(16, "STKFLT"),
            Map.entry(17, "CHLD"),
            Map.entry(18, "CONT"),
            Map.entry(19, "STOP"),
            Map.entry(20, "TSTP"),
            Map.entry(21, "TTIN"),
            Map.entry(22, "TTOU"),
            Map.entry(23, "URG"),
            Map.entry(24, "XCPU"),
            Map.entry(25, "XFSZ"),
            Map.entry(26, "VTALRM"),
            Map.entry(27, "PROF"),
            Map.entry(28, "WINCH"),
            Map.entry(29, "IO"),
            Map.entry(30, "PWR"),
            Map.entry(31, "SYS"));

    public static final Signal HUP = new Signal(1);
    public static final Signal INT = new Signal(2);
    public static final Signal QUIT = new Signal(3);
    public static final Signal KILL = new Signal(9);
    public static final Signal USR1 = new Signal(10);
    public static final Signal USR2 = new Signal(12);
    public static final Signal TERM = new Signal(15);
    public static final Signal CONT = new Signal(18);
    public static final Signal STOP = new Signal(19);

    /** Refuses a number outside 1 to 64 with an IllegalArgumentException. */
    public Signal {
        if (number < 1 || number > LAST) {
            throw new IllegalArgumentException("signal " + number + ": it must be between 1 and 64");
        }
    }

    /** The signal of a name, with or without {@code SIG}; empty for a name {@link #toString} never gives. */
    public static Optional<Signal> named(String name) {
        String wanted = name.startsWith("SIG") ? name.substring(3) : name;
        Matcher realTime = REAL_TIME.matcher(wanted);
        if (realTime.matches()) {
            int number = FIRST_REAL_TIME + Integer.parseInt(realTime.group(1));
            return number <= LAST ? Optional.of(new Signal(number)) : Optional.empty();
        }
        return NAMES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(wanted))
                .findAny()
                .map(entry -> new Signal(entry.getKey()));
    }

    /** The signal's name, such as {@code SIGTERM}; {@code SIGRTMIN+n} from 34 on; 32 and 33 belong to the C library. */
    @Override
    public String toString() {
        String name = NAMES.get(number);
        if (name != null) {
            return "SIG" + name;
        }
        return number >= FIRST_REAL_TIME ? "SIGRTMIN+" + (number - FIRST_REAL_TIME) : "signal " + number;
    }
}
