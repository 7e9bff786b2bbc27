package dev.corral.cgroups;

/** How the directories of groups are called. */
enum Naming {
    PLAIN(""),
    /** In a group that the caller named. */
    GIVEN(""),
    /** Beside a group with the JVM in it, every job is one of these. */
    PAYLOAD("payload-");

    private final String prefix;

    Naming(String prefix) {
        this.prefix = prefix;
    }

    String prefix() {
        return prefix;
    }

    /** Refuses what can't be a name with an IllegalArgumentException. */
    String directory(String name) {
        return CgroupName.escape(prefix + CgroupName.check(name));
    }

    /** The name that a directory was made with. */
    String given(String directory) {
        String name = CgroupName.unescape(directory);
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }
}
