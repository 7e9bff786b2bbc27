package dev.corral.reconcile.workload;

import java.util.List;

/**
 * The only files that a program may open, whatever the rights of its user; enforced by Landlock. Paths are those that the
 * container sees, absolute; each stands for all below it.
 *
 * @param readOnly may be read
 * @param execute may be read and executed; without the program and its libraries nothing starts
 * @param readWrite may be read and changed
 */
public record FileRules(List<String> readOnly, List<String> execute, List<String> readWrite) {
    public FileRules {
        readOnly = List.copyOf(readOnly);
        execute = List.copyOf(execute);
        readWrite = List.copyOf(readWrite);
    }

    /** Nothing may be opened yet. */
    public static FileRules none() {
        return new FileRules(List.of(), List.of(), List.of());
    }

    /** With these to be read, in place of those before. */
    public FileRules readOnly(String... paths) {
        return new FileRules(List.of(paths), execute, readWrite);
    }

    /** With these to be read and executed, in place of those before. */
    public FileRules execute(String... paths) {
        return new FileRules(readOnly, List.of(paths), readWrite);
    }

    /** With these to be read and changed, in place of those before. */
    public FileRules readWrite(String... paths) {
        return new FileRules(readOnly, execute, List.of(paths));
    }

    void validate(Problems problems) {
        problems.at("execute")
                .require(!execute.isEmpty(), execute, "no program could start: name where it and its libraries lie");
        problems.each("readOnly", readOnly, Paths::absolute);
        problems.each("execute", execute, Paths::absolute);
        problems.each("readWrite", readWrite, Paths::absolute);
    }
}
