package dev.corral;

import dev.corral.internal.launch.LaunchPlan;
import java.util.ArrayList;
import java.util.List;

/** Whether what the confinements of a launch ask for goes together. */
final class Combination {
    private final Launch launch;
    private final List<String> all;

    private Combination(Launch launch) {
        this.launch = launch;
        this.all = new ArrayList<>(launch.contradictions());
    }

    /** All that is wrong with it; empty when it can be tried. */
    static List<String> problems(Launch launch) {
        Combination combination = new Combination(launch);
        combination.namespaces();
        combination.ids();
        combination.lifetime();
        combination.descriptors();
        combination.joins();
        return combination.all;
    }

    private void namespaces() {
        RootPlan root = launch.root;
        needs(root.isUsed(), root.hasProc() ? "a new /proc" : "a file tree of its own", "mnt");
        needs(root.hasProc() && !launch.joins("pid"), "a new /proc", "pid");
        needs(launch.hostname.isPresent(), "a host name", "uts");
        needs(launch.domainName.isPresent(), "a domain name", "uts");
        needs(launch.loopback, "a loopback device of its own", "net");
        needs(launch.network.isPresent(), "a network connection of its own", "net");
        needs(launch.time.isPresent(), "a clock of its own", "time");
        needs(launch.waitForAll, "an init that waits for all", "pid");
        needs(launch.idMaps.isSet(), "an id map", "user");
    }

    private void needs(boolean wanted, String what, String namespace) {
        if (wanted && !launch.makes(namespace)) {
            all.add(what + " needs a new " + namespace + " namespace");
        }
    }

    private void ids() {
        launch.idMaps.problems(all);
        if (launch.idMaps.deniesSetgroups()
                && launch.identity.map(who -> !who.groups().isEmpty()).orElse(false)) {
            all.add("supplementary groups can't be set where an ordinary user has mapped only the own ids");
        }
        launch.root.problems(all);
    }

    private void lifetime() {
        Command command = launch.command();
        if (!command.manner().lifetime().outlivesJvm()) {
            return;
        }
        if (command.manner().lifetime().exitRecord().isPresent() && !launch.makes("pid")) {
            all.add("a record of the exit is written by an init: it needs a pid namespace of its own");
        }
        if (command.streams().leadToTheJvm()) {
            all.add(
                    "the streams of a program that outlives the JVM can't lead there: use files, nothing or descriptors");
        }
        if (launch.listening.isPresent()) {
            all.add("a program that outlives the JVM can't ask it about system calls");
        }
    }

    private void descriptors() {
        int descriptors = launch.root.descriptors()
                + launch.joins.all().size()
                + launch.groupsV1.size()
                + launch.command().descriptors().size()
                + 1;
        if (descriptors > LaunchPlan.MOST_OF_CALLERS) {
            all.add("binds, files, joins, groups and passed descriptors together are " + descriptors
                    + "; the launcher takes " + LaunchPlan.MOST_OF_CALLERS);
        }
    }

    private void joins() {
        launch.namespaces.stream().filter(launch::joins).forEach(this::madeAndJoined);
        if (launch.isInside() && launch.joins("mnt") && launch.root.isUsed()) {
            all.add("a file tree of its own can't be put together in that of another child");
        }
        if (launch.isInside() && launch.joins("user") && launch.time.isPresent()) {
            all.add("clocks can't be shifted inside another child's user namespace");
        }
    }

    /** The kernel nests them all; but a process that has joined a pid namespace is not in it yet, and can make none. */
    private void madeAndJoined(String kind) {
        if (!launch.isInside()) {
            all.add("it can't both make and join a " + kind + " namespace");
        } else if (kind.equals("user") || kind.equals("pid")) {
            all.add("inside another child it can't have a " + kind + " namespace of its own: leave that out");
        }
    }
}
