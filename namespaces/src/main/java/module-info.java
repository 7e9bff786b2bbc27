import org.jspecify.annotations.NullMarked;

/** Namespaces of child processes. */
@NullMarked
module dev.corral.namespaces {
    requires transitive dev.corral.core;
    requires org.slf4j;
    requires static org.jspecify;
}
