package dev.corral.reconcile.workload;

import java.util.Optional;

/**
 * A variable of a container's environment.
 *
 * @param name not empty, without {@code =}
 * @param value may refer to variables before it as {@code $(NAME)}
 * @param valueFrom where the value comes from instead; nothing is replaced in that
 */
public record EnvVar(String name, String value, Optional<EnvSource> valueFrom) {
    public EnvVar(String name, String value) {
        this(name, value, Optional.empty());
    }

    void validate(Problems problems) {
        problems.at("name")
                .require(
                        !name.isEmpty() && name.indexOf('=') < 0 && name.indexOf('\0') < 0,
                        name.replace("\0", "\\0"),
                        "it must not be empty nor contain '=' or a NUL");
        problems.at("value").text(value);
        valueFrom.ifPresent(source -> {
            problems.at("valueFrom").require(value.isEmpty(), value, "it can't have both a value and valueFrom");
            EnvSource.validate(source, problems.at("valueFrom"));
        });
    }
}
