import org.jspecify.annotations.NullMarked;

/** Limits, usage and the end of control groups: version 1, version 2 and hybrid hosts. */
@NullMarked
module dev.corral.cgroups {
    requires transitive dev.corral.core;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.corral.cgroups;
}
