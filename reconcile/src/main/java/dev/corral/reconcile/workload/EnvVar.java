package dev.corral.reconcile.workload;

/**
 * A variable of a container's environment.
 *
 * @param name not empty, without {@code =}
 * @param value may refer to variables before it as {@code $(NAME)}
 */
public record EnvVar(String name, String value) {
    void validate(Problems problems) {
        problems.at("name")
                .require(
                        !name.isEmpty() && name.indexOf('=') < 0 && name.indexOf('\0') < 0,
                        name.replace("\0", "\\0"),
                        "it must not be empty nor contain '=' or a NUL");
        problems.at("value").text(value);
    }
}
