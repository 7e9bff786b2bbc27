package dev.corral.reconcile;

import java.util.Map;

/** A declared resource of any kind. */
record Declaration<S, T>(
        Kind<S, T> kind, String name, S spec, Map<String, String> labels, Map<String, String> annotations)
        implements Declared<S, T> {}
