package dev.corral.reconcile;

import java.time.Instant;

/**
 * Something worth telling about a resource. Source: Kubernetes' {@code Event}, less what one process doesn't need.
 *
 * @param type whether somebody should look
 * @param source which controller says it
 * @param kind name of the resource's kind
 * @param key the resource
 * @param reason one word in camel case, for programs
 * @param message a sentence, for people
 * @param count how often it happened; 1 or more
 * @param first when it happened first
 * @param last when it happened last
 * @param pass the pass that told it last, as its log lines name it; empty text if none did
 */
public record Event(
        Type type,
        String source,
        String kind,
        Key key,
        String reason,
        String message,
        int count,
        Instant first,
        Instant last,
        String pass) {
    /** How the message of an event begins that stands for more than ten of one kind. */
    public static final String SEVERAL = "(several similar) ";

    /** Whether somebody should look. */
    public enum Type {
        NORMAL,
        WARNING
    }

    Event again(Instant when, String by) {
        return new Event(type, source, kind, key, reason, message, count + 1, first, when, by);
    }

    Event message(String other) {
        return new Event(type, source, kind, key, reason, other, count, first, last, pass);
    }
}
