import org.jspecify.annotations.NullMarked;

/** Namespaces of child processes (what a child has for itself, and what is there), their networks and their privileges. */
@NullMarked
module dev.corral.namespaces {
    requires transitive dev.corral.core;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.corral.namespaces;
    exports dev.corral.network;
    exports dev.corral.privileges;
}
