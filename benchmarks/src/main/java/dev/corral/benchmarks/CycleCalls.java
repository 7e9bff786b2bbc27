package dev.corral.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The system calls about files that this thread makes for something, seen by strace, as lines of src/main/c/floor.c. */
final class CycleCalls {
    private static final String GROUPS = "\"/sys/fs/cgroup/";
    private static final String ANYWHERE = "-100";
    /** O_RDONLY 0, O_WRONLY 1, O_RDWR 2, O_PATH with O_DIRECTORY. */
    private static final String PATH_FLAGS = "10200000";

    private static final Pattern CALL = Pattern.compile("(\\w+)\\((.*)\\) += (-?\\d+).*");
    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    private CycleCalls() {}

    /** What an operation of this thread does. */
    static List<String> of(Path strace, Path trace, Runnable operation) throws Exception {
        String thread = Path.of("/proc")
                .resolve(Files.readSymbolicLink(Path.of("/proc/thread-self")))
                .getFileName()
                .toString();
        Process tracer = new ProcessBuilder(
                        strace.toString(),
                        "-qq",
                        "-s",
                        "4096",
                        "-e",
                        "trace=access,mkdir,rmdir,statx,setxattr,openat,pread64,write,close",
                        "-o",
                        trace.toString(),
                        "-p",
                        thread)
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = tracer.inputReader()) {
            while (!isTraced(thread)) {
                if (!tracer.isAlive()) {
                    throw new IllegalStateException("strace: " + said.lines().toList());
                }
                Thread.onSpinWait();
            }
            operation.run();
        } finally {
            tracer.destroy();
            tracer.waitFor();
        }
        return calls(Files.readAllLines(trace));
    }

    private static boolean isTraced(String thread) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/task", thread, "status")).stream()
                .anyMatch(line -> line.startsWith("TracerPid:") && !line.endsWith("\t0"));
    }

    /** Those from the first about a control group to the last that removes one. */
    static List<String> calls(List<String> trace) {
        int begin = 0;
        while (!trace.get(begin).contains(GROUPS)) {
            begin++;
        }
        int end = trace.size();
        while (!trace.get(end - 1).startsWith("rmdir(")) {
            end--;
        }
        List<String> calls = new ArrayList<>();
        for (String line : trace.subList(begin, end)) {
            Matcher call = CALL.matcher(line);
            if (call.matches()) {
                add(call.group(1), call.group(2), call.group(3), calls);
            }
        }
        return calls;
    }

    private static void add(String call, String arguments, String answer, List<String> calls) {
        List<String> texts =
                TEXT.matcher(arguments).results().map(text -> text.group(1)).toList();
        String first = arguments.substring(0, Math.max(0, arguments.indexOf(',')));
        String fd = first.equals("AT_FDCWD") ? ANYWHERE : first;
        switch (call) {
            case "access", "mkdir", "rmdir" -> calls.add(call + "\t" + texts.get(0));
            case "setxattr" -> calls.add("mark\t" + texts.get(0) + "\t" + texts.get(2));
            case "statx" -> calls.add("statx\t" + fd + "\t" + texts.get(0));
            case "openat" ->
                calls.add("open\t" + (answer.startsWith("-") ? "ABSENT" : answer) + "\t" + fd + "\t" + texts.get(0)
                        + "\t" + flags(arguments));
            case "pread64" -> calls.add("pread\t" + fd);
            case "write" -> calls.add("write\t" + fd + "\t" + texts.get(0).replace("\\n", ""));
            case "close" -> calls.add("close\t" + arguments);
            default -> throw new IllegalStateException(call);
        }
    }

    private static String flags(String arguments) {
        if (arguments.contains("O_PATH")) {
            return PATH_FLAGS;
        }
        return arguments.contains("O_RDWR") ? "2" : arguments.contains("O_WRONLY") ? "1" : "0";
    }
}
