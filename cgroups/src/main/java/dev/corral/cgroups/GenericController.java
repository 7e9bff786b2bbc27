package dev.corral.cgroups;

import java.util.List;

/**
 * A controller without a type of its own, such as rdma, misc, net_cls, net_prio, perf_event and the hugetlb of version 1: its
 * files by the kernel's formats.
 */
public final class GenericController extends ControllerFiles {
    private final String name;

    GenericController(GroupDirectory group, String name) {
        super(group);
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    /** The names of its files, ascending; none for a controller that has no files. */
    public List<String> files() {
        return group.files().stream()
                .filter(file -> file.startsWith(name + "."))
                .sorted()
                .toList();
    }
}
