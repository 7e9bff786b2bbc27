package dev.corral.cgroups;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;

/** A program that has no descriptor left, then one, then two, and listens to a group each time. */
final class StarvedListener {
    private static final int ENOUGH = 16;

    private StarvedListener() {}

    /** The argument is the name of the group. */
    public static void main(String[] arguments) throws IOException {
        try (Cgroup group = RealGroup.host().create(arguments[0])) {
            load(group);
            long before = OpenDescriptors.count();
            Deque<FileInputStream> held = takeAll();
            for (int free = 0; free < ENOUGH; free++) {
                System.out.println(listen(group));
                RealEvents.awaitSilence();
                held.remove().close();
            }
            for (FileInputStream file : held) {
                file.close();
            }
            System.out.println("left " + (OpenDescriptors.count() - before));
        }
    }

    /** Classes are files, too. */
    private static void load(Cgroup group) {
        System.err.println(listen(group));
        RealEvents.awaitSilence();
        String part = "x".repeat(180);
        refused(() -> group.host().find(part, Collections.nCopies(30, part).toArray(String[]::new)));
        refused(() -> group.file("corral.none").write("1"));
    }

    private static void refused(Runnable action) {
        try {
            action.run();
        } catch (CgroupException e) {
            System.err.println(e.getClass().getSimpleName());
        }
    }

    private static Deque<FileInputStream> takeAll() {
        Deque<FileInputStream> all = new ArrayDeque<>();
        try {
            while (true) {
                all.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException noneLeft) {
            return all;
        }
    }

    private static String listen(Cgroup group) {
        try (Subscription listening = group.on(new CgroupEvents() {})) {
            return listening.isActive() ? "listens" : "does not listen";
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName() + " " + e.getMessage();
        }
    }
}
