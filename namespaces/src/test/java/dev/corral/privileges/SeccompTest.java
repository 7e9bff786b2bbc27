package dev.corral.privileges;

import static dev.corral.privileges.Architecture.AARCH64;
import static dev.corral.privileges.Architecture.X86_64;
import static dev.corral.privileges.SeccompAction.allow;
import static dev.corral.privileges.SeccompAction.askHandler;
import static dev.corral.privileges.SeccompAction.errno;
import static dev.corral.privileges.SeccompAction.killProcess;
import static dev.corral.privileges.SeccompAction.killThread;
import static dev.corral.privileges.SeccompAction.log;
import static dev.corral.privileges.SeccompAction.trap;
import static dev.corral.privileges.SeccompCondition.argument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeccompTest {
    private static final SeccompAction EPERM = errno("EPERM");
    private static final SeccompAction ENOSYS = errno("ENOSYS");

    @Test
    void aCallWithoutRuleGetsTheFirstAction() {
        SeccompProgram filter = Seccomp.allowByDefault().deny("mount").compile(X86_64);
        assertThat(filter.decide("mount")).isEqualTo(EPERM);
        assertThat(filter.decide("read")).isEqualTo(allow());
        assertThat(Seccomp.denyByDefault().allow("read").compile(X86_64).decide("write"))
                .isEqualTo(EPERM);
    }

    @Test
    void aLaterRuleWins() {
        Seccomp filter = Seccomp.allowByDefault()
                .deny("socket")
                .allowIf("socket", argument(0).low32().eq(1))
                .answerIf(
                        errno("EACCES"),
                        "socket",
                        argument(0).low32().eq(1),
                        argument(1).low32().eq(3));
        SeccompProgram program = filter.compile(X86_64);
        assertThat(program.decide("socket", 2)).isEqualTo(EPERM);
        assertThat(program.decide("socket", 1, 1)).isEqualTo(allow());
        assertThat(program.decide("socket", 1, 3)).isEqualTo(errno("EACCES"));
        assertThat(filter.allow("socket").compile(X86_64).decide("socket", 2)).isEqualTo(allow());
    }

    @Test
    void theHighHalfOfA32BitArgumentDoesNotCount() {
        SeccompProgram loose =
                Seccomp.allowByDefault().denyIf("ioctl", argument(1).eq(0x5412)).compile(X86_64);
        SeccompProgram exact = Seccomp.allowByDefault()
                .denyIf("ioctl", argument(1).low32().eq(0x5412))
                .compile(X86_64);
        assertThat(loose.decide("ioctl", 0, 0x1_0000_5412L)).isEqualTo(allow());
        assertThat(exact.decide("ioctl", 0, 0x1_0000_5412L)).isEqualTo(EPERM);
    }

    @Test
    void onlyTheArchitecturesOwnWayToCallGetsIn() {
        SeccompProgram x86 = Seccomp.allowByDefault().compile(X86_64);
        SeccompProgram arm = Seccomp.allowByDefault().compile(AARCH64);
        int i386 = 0x4000_0003;
        assertThat(x86.decide(i386, 1)).isEqualTo(killProcess());
        assertThat(x86.decide(AARCH64, 1)).isEqualTo(killProcess());
        assertThat(arm.decide(X86_64, 1)).isEqualTo(killProcess());
        assertThat(x86.decide(X86_64, 0x4000_0000 | 39)).isEqualTo(ENOSYS);
        assertThat(x86.decide(X86_64, -1)).isEqualTo(ENOSYS);
        assertThat(arm.decide(AARCH64, 64)).isEqualTo(allow());
    }

    @Test
    void theNumberOfACallIsThatOfItsArchitecture() {
        Seccomp filter = Seccomp.allowByDefault().deny("open", "openat");
        assertThat(filter.compile(X86_64).decide(X86_64, 2)).isEqualTo(EPERM);
        assertThat(filter.compile(X86_64).decide(X86_64, 257)).isEqualTo(EPERM);
        assertThat(filter.compile(AARCH64).decide(AARCH64, 56)).isEqualTo(EPERM);
        assertThat(filter.compile(AARCH64).decide(AARCH64, 2)).isEqualTo(allow());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> filter.compile(AARCH64).decide("open"))
                .withMessageContaining("does not exist on aarch64");
    }

    @Test
    void aNameNobodyKnowsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Seccomp.allowByDefault().deny("mountt"))
                .withMessageContaining("\"mountt\" is not known");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Seccomp.allowByDefault().denyIf("", argument(0).eq(0)));
    }

    @Test
    void unknownNumbersMayHaveAnActionOfTheirOwn() {
        SeccompProgram same = Seccomp.denyByDefault().compile(X86_64);
        SeccompProgram own = Seccomp.denyByDefault().unknown(ENOSYS).compile(X86_64);
        for (int number : new int[] {337, 423, 4711, 0x3fff_ffff}) {
            assertThat(same.decide(X86_64, number)).isEqualTo(EPERM);
            assertThat(own.decide(X86_64, number)).isEqualTo(ENOSYS);
        }
        assertThat(own.decide(X86_64, 0)).isEqualTo(EPERM);
    }

    @Test
    void filtersCompareByValue() {
        Seccomp one = Seccomp.allowByDefault()
                .deny("mount", "ptrace")
                .denyIf("ioctl", argument(1).eq(1));
        Seccomp other = Seccomp.allowByDefault()
                .denyIf("ioctl", argument(1).eq(1))
                .deny("ptrace")
                .deny("mount");
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).hasToString(other.toString());
        assertThat(one.compile()).isEqualTo(other.compile()).hasSameHashCodeAs(other.compile());
        assertThat(one).isNotEqualTo(one.allow("mount")).isNotEqualTo(one.unknown(ENOSYS));
        assertThat(one.allow("mount").deny("mount")).isEqualTo(one);
        assertThat(Seccomp.defaultProfile()).isEqualTo(Seccomp.defaultProfile());
        assertThat(Seccomp.allowByDefault().deny("mount")).hasToString("Seccomp[mount: EPERM, otherwise allow]");
    }

    @Test
    void moreInstructionsThanTheKernelTakesAreRefused() {
        Seccomp filter = Seccomp.allowByDefault();
        for (int i = 0; i < 1000; i++) {
            filter = filter.denyIf("read", argument(0).eq(i), argument(1).eq(i));
        }
        Seccomp tooLong = filter;
        assertThatIllegalArgumentException()
                .isThrownBy(tooLong::compile)
                .withMessageContaining("the kernel takes 1 to 4096");
    }

    @Test
    void longRulesAreJumpedOver() {
        Seccomp filter = Seccomp.allowByDefault().deny("write");
        for (int i = 0; i < 300; i++) {
            filter = filter.denyIf("read", argument(2).eq(i));
        }
        SeccompProgram program = filter.compile(X86_64);
        assertThat(program.length()).isGreaterThan(1500);
        assertThat(program.decide("read", 0, 0, 0)).isEqualTo(EPERM);
        assertThat(program.decide("read", 0, 0, 299)).isEqualTo(EPERM);
        assertThat(program.decide("read", 0, 0, 300)).isEqualTo(allow());
        assertThat(program.decide("write")).isEqualTo(EPERM);
        assertThat(program.decide("close")).isEqualTo(allow());
    }

    @Test
    void aFilterThatStopsTheLauncherIsRefused() {
        refused(Seccomp.denyByDefault(), "answers execve with EPERM", "answers sendmsg with EPERM", "exit_group");
        refused(Seccomp.allowByDefault().answer(killProcess(), "execve"), "answers execve with kill process, and");
        refused(Seccomp.allowByDefault().answer(trap(), "sendmsg"), "answers sendmsg with trap");
        refused(
                Seccomp.allowByDefault().denyIf("sendmsg", argument(0).eq(7)),
                "answers sendmsg with EPERM for some arguments");
        refused(Seccomp.allowByDefault().answer(killThread(), "exit_group"), "answers exit_group with kill thread");
        assertThat(Seccomp.denyByDefault()
                        .allow("execve", "exit_group")
                        .answer(log(), "sendmsg")
                        .launchable(X86_64)
                        .length())
                .isPositive();
        assertThat(Seccomp.allowByDefault()
                        .deny("execveat", "sendmmsg")
                        .launchable(AARCH64)
                        .length())
                .isPositive();
    }

    @Test
    void aFilterThatAsksNeedsAHandler() {
        refused(Seccomp.allowByDefault().answer(askHandler(), "mkdir"), "there is none");
        refused(Seccomp.otherwise(askHandler()).allow("execve", "exit_group", "sendmsg"), "there is none");
        refused(Seccomp.allowByDefault().ask(call -> SeccompAnswer.proceed(), "sendmsg"), "sendmsg with notify");
        // The program's own exec would wait for a handler that is put to work once it has begun.
        refused(Seccomp.allowByDefault().ask(call -> SeccompAnswer.proceed(), "execve"), "execve with notify");
        assertThat(Seccomp.allowByDefault()
                        .ask(call -> SeccompAnswer.proceed(), "mkdir")
                        .launchable(X86_64)
                        .decide("mkdir"))
                .isEqualTo(askHandler());
    }

    private static void refused(Seccomp filter, String... parts) {
        for (Architecture architecture : List.of(X86_64, AARCH64)) {
            if (parts[0].contains("there is none") || !filter.toString().contains("mkdir")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> filter.launchable(architecture))
                        .withMessageContainingAll(parts);
            }
        }
    }

    @Test
    void actionsOutsideTheirRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> errno(4096)).withMessageContaining("between 0 and 4095");
        assertThatIllegalArgumentException().isThrownBy(() -> errno(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> errno("EVIL")).withMessageContaining("\"EVIL\"");
        assertThatIllegalArgumentException().isThrownBy(() -> new SeccompAction(SeccompAction.Kind.ALLOW, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> SeccompAnswer.errno(0));
    }

    @Test
    void conditionsThatCanNotBeMeantAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> argument(6).eq(0))
                .withMessageContaining("between 0 and 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> argument(0).masked(0).eq(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> argument(0).low32().eq(0x1_0000_0000L))
                .withMessageContaining("outside the mask");
    }

    @Test
    void whatTheKernelMakesOfAnAnswerIsWhatItIs() {
        for (SeccompAction action : List.of(
                allow(), log(), askHandler(), trap(), killThread(), killProcess(), errno(0), errno(1), errno(4095))) {
            assertThat(SeccompAction.ofFilterValue(action.filterValue())).isEqualTo(action);
        }
        assertThat(SeccompAction.ofFilterValue(0x0005_ffff)).isEqualTo(errno(4095));
        assertThat(SeccompAction.ofFilterValue(0x1234_0000)).isEqualTo(killProcess());
        assertThat(SeccompAction.ofFilterValue(0x7fff_0001)).isEqualTo(allow());
    }
}
