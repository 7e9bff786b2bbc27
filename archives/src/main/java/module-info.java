import org.jspecify.annotations.NullMarked;

/** Root file systems out of archives. */
@NullMarked
module dev.corral.archives {
    requires transitive dev.corral.core;
    requires transitive dev.corral.namespaces;
    requires org.apache.commons.compress;
    requires static org.jspecify;

    exports dev.corral.archives;
}
