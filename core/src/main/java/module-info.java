import org.jspecify.annotations.NullMarked;

/** What a child process is, how it is started, how it ended, what the kernel said when it refused. */
@NullMarked
@SuppressWarnings("module") // the siblings named below are compiled after this module
module dev.corral.core {
    requires com.sun.jna;
    requires com.sun.jna.platform;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.corral;
    exports dev.corral.internal.linux to
            dev.corral.archives,
            dev.corral.cgroups,
            dev.corral.namespaces,
            dev.corral.reconcile;

    // JNA registers native methods by reflection.
    opens dev.corral.internal.linux to
            com.sun.jna;
}
