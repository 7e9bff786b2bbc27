package dev.corral.privileges;

import static dev.corral.privileges.SeccompCondition.argument;

/** What the default profile forbids; see {@link Seccomp#defaultProfile}. */
final class DefaultProfile {
    /** Mounts and namespaces. clone and clone3 come on top. */
    private static final String[] TREES = {
        "mount",
        "umount2",
        "pivot_root",
        "chroot",
        "move_mount",
        "open_tree",
        "open_tree_attr",
        "fsopen",
        "fsconfig",
        "fsmount",
        "fspick",
        "mount_setattr",
        "unshare",
        "setns"
    };

    /** Parts of the kernel with a large surface, its modules, devices and accounts. */
    private static final String[] KERNEL = {
        "bpf",
        "perf_event_open",
        "userfaultfd",
        "io_uring_setup",
        "io_uring_enter",
        "io_uring_register",
        "kexec_load",
        "kexec_file_load",
        "create_module",
        "init_module",
        "finit_module",
        "delete_module",
        "query_module",
        "get_kernel_syms",
        "reboot",
        "swapon",
        "swapoff",
        "acct",
        "quotactl",
        "quotactl_fd",
        "syslog",
        "iopl",
        "ioperm"
    };

    private static final String[] CLOCKS = {"settimeofday", "clock_settime", "clock_adjtime", "adjtimex"};

    /** Keys, and other people's files and memory. */
    private static final String[] OTHERS = {
        "add_key",
        "keyctl",
        "request_key",
        "open_by_handle_at",
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "kcmp"
    };

    /** NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. NEWTIME's bit is part of the signal here. */
    private static final long CLONE_NEW = 0x7e02_0000L;

    private static final long TIOCSTI = 0x5412;
    private static final long TIOCLINUX = 0x541c;
    private static final long AF_VSOCK = 40;

    /** PER_LINUX, PER_LINUX32, each also with UNAME26, and the question what it is. */
    private static final long[] PERSONALITIES = {0, 0x8, 0x2_0000, 0x2_0008, 0xffff_ffffL};

    static final Seccomp PROFILE = create();

    private DefaultProfile() {}

    private static Seccomp create() {
        Seccomp profile = Seccomp.allowByDefault()
                .deny(TREES)
                .deny(KERNEL)
                .deny(CLOCKS)
                .deny(OTHERS)
                .denyIf("clone", argument(0).masked(CLONE_NEW).ne(0))
                .denyIf("ioctl", argument(1).low32().eq(TIOCSTI))
                .denyIf("ioctl", argument(1).low32().eq(TIOCLINUX))
                .denyIf("socket", argument(0).low32().eq(AF_VSOCK))
                .deny("personality")
                .answer(SeccompAction.errno("ENOSYS"), "clone3")
                .unknown(SeccompAction.errno("ENOSYS"));
        for (long personality : PERSONALITIES) {
            profile = profile.allowIf("personality", argument(0).low32().eq(personality));
        }
        return profile;
    }
}
