package dev.corral.cgroups;

import dev.corral.Command;

/** A program that makes groups with processes in them, says so, and waits to be killed. */
final class LeavesGroups {
    private LeavesGroups() {}

    public static void main(String[] arguments) throws Exception {
        Cgroups host = RealGroup.host();
        Cgroup named = host.create(arguments[0]);
        Cgroup made = host.make(Limits.none().pids(20).named(arguments[0] + "-unique"))
                .group()
                .orElseThrow();
        Process inside = new ProcessBuilder("sleep", "600").start();
        named.attach(inside);
        made.attach(new ProcessBuilder("sleep", "600").start());
        Command.of("true").run();
        System.out.println(named.name() + " " + made.name() + " " + inside.pid());
        System.out.flush();
        int unused = System.in.read(); // until the test ends, if it does not kill this before
    }
}
