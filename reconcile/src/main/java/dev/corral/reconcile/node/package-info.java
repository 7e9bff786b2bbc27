/**
 * The node agent: it turns pods into child processes, watches them, and says in the pods' statuses what became of them. The
 * only package of this module that knows control groups and namespaces.
 */
@NullMarked
package dev.corral.reconcile.node;

import org.jspecify.annotations.NullMarked;
