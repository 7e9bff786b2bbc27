package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the range of a value ends: the last one that is taken, and the first that is refused. */
class BoundsTest {
    private static final DeviceNumber DISK = DeviceNumber.of(8, 0);
    private static final long MOST_OPS = 0xffff_fffeL;

    private static Arguments of(String what, ThrowingCallable taken, ThrowingCallable refused) {
        return Arguments.of(what, taken, refused);
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                of(
                        "memory and swap",
                        () -> Limits.none().memory(mebibytes(2)).swap(SwapPolicy.total(mebibytes(2))),
                        () -> Limits.none().memory(mebibytes(2)).swap(SwapPolicy.total(bytes((2 << 20) - 1)))),
                of(
                        "CPUs, most",
                        () -> Limits.none().cpus(100_000),
                        () -> Limits.none().cpus(100_000.01)),
                of(
                        "CPUs, least",
                        () -> Limits.none().cpus(0.01),
                        () -> Limits.none().cpus(0.0099)),
                of(
                        "processes, most",
                        () -> Limits.none().pids(4_194_304),
                        () -> Limits.none().pids(4_194_305)),
                of(
                        "processes, least",
                        () -> Limits.none().pids(1),
                        () -> Limits.none().pids(0)),
                of(
                        "weight, most",
                        () -> Limits.none().cpuWeight(10_000),
                        () -> Limits.none().cpuWeight(10_001)),
                of(
                        "weight, least",
                        () -> Limits.none().cpuWeight(1),
                        () -> Limits.none().cpuWeight(0)),
                of(
                        "CPUs to run on",
                        () -> Limits.none().cpuset(CpuSet.of(0)),
                        () -> Limits.none().cpuset(CpuSet.none())),
                of(
                        "memory nodes",
                        () -> Limits.none().mems(CpuSet.of(0)),
                        () -> Limits.none().mems(CpuSet.none())),
                of("major number, most", () -> DeviceNumber.of(4095, 0), () -> DeviceNumber.of(4096, 0)),
                of("major number, least", () -> DeviceNumber.of(0, 0), () -> DeviceNumber.of(-1, 0)),
                of("minor number, most", () -> DeviceNumber.of(0, 1_048_575), () -> DeviceNumber.of(0, 1_048_576)),
                of("minor number, least", () -> DeviceNumber.of(0, 0), () -> DeviceNumber.of(0, -1)),
                of("number of a CPU", () -> CpuSet.of(65_535), () -> CpuSet.of(65_536)),
                of("number of a CPU, least", () -> CpuSet.of(0), () -> CpuSet.of(-1)),
                of("range of CPUs", () -> CpuSet.range(3, 3), () -> CpuSet.range(3, 2)),
                of("period, least", () -> period(Duration.ofMillis(1)), () -> period(Duration.ofNanos(999_000))),
                of("period, most", () -> period(Duration.ofSeconds(1)), () -> period(Duration.ofNanos(1_000_001_000))),
                of("burst", () -> CpuMax.checkBurst(Duration.ZERO), () -> CpuMax.checkBurst(Duration.ofNanos(-1_000))),
                of(
                        "bytes written",
                        () -> IoMax.of(DISK).writeBytes(bytes(1)),
                        () -> IoMax.of(DISK).writeBytes(bytes(0))),
                of(
                        "bytes read",
                        () -> IoMax.of(DISK).readBytes(bytes(1)),
                        () -> IoMax.of(DISK).readBytes(bytes(0))),
                of(
                        "reads, most",
                        () -> IoMax.of(DISK).readOps(MOST_OPS),
                        () -> IoMax.of(DISK).readOps(MOST_OPS + 1)),
                of(
                        "writes, least",
                        () -> IoMax.of(DISK).writeOps(1),
                        () -> IoMax.of(DISK).writeOps(0)),
                of(
                        "access to a device",
                        () -> new DeviceRule(
                                DeviceRule.Type.BLOCK,
                                OptionalInt.of(0),
                                OptionalInt.of(0),
                                EnumSet.of(DeviceRule.Access.READ)),
                        () -> new DeviceRule(
                                DeviceRule.Type.BLOCK,
                                OptionalInt.of(0),
                                OptionalInt.of(0),
                                EnumSet.noneOf(DeviceRule.Access.class))),
                of("major number of a rule", () -> rule(0, 0), () -> rule(-1, 0)),
                of("minor number of a rule", () -> rule(0, 0), () -> rule(0, -1)),
                of("window, least", () -> trigger(100_000, 500_000), () -> trigger(100_000, 499_999)),
                of("window, most", () -> trigger(100_000, 10_000_000), () -> trigger(100_000, 10_000_001)),
                of("threshold, least", () -> trigger(1, 1_000_000), () -> trigger(0, 1_000_000)),
                of("threshold, most", () -> trigger(1_000_000, 1_000_000), () -> trigger(1_000_001, 1_000_000)),
                of("blkio weight, least", () -> OciValues.ioWeight(10), () -> OciValues.ioWeight(9)),
                of("blkio weight, most", () -> OciValues.ioWeight(1000), () -> OciValues.ioWeight(1001)),
                of("swap of OCI", () -> OciValues.swapMax(-1, 4096), () -> OciValues.swapMax(-1, -2)),
                of(
                        "length of a name",
                        () -> CgroupName.check("x".repeat(180)),
                        () -> CgroupName.check("x".repeat(181))),
                of("beginning of a name", () -> CgroupName.check("a"), () -> CgroupName.check("/a")),
                of("line break", () -> CgroupName.check("a b"), () -> CgroupName.check("\na")),
                of("NUL", () -> CgroupName.check("a b"), () -> CgroupName.check("\0a")),
                of("nice, least", () -> Nice.check(-20), () -> Nice.check(-21)),
                of("nice, most", () -> Nice.check(19), () -> Nice.check(20)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void theLastOneIsTakenAndTheNextIsNot(String what, ThrowingCallable taken, ThrowingCallable refused) {
        assertThatCode(taken).as(what).doesNotThrowAnyException();
        assertThatIllegalArgumentException().as(what).isThrownBy(refused);
    }

    private static CpuMax period(Duration period) {
        return CpuMax.of(Duration.ofMillis(10), period);
    }

    private static DeviceRule rule(int major, int minor) {
        return new DeviceRule(
                DeviceRule.Type.BLOCK,
                OptionalInt.of(major),
                OptionalInt.of(minor),
                EnumSet.allOf(DeviceRule.Access.class));
    }

    private static PsiTrigger trigger(long threshold, long window) {
        return PsiTrigger.cpu(PsiTrigger.Kind.SOME, Times.micros(threshold), Times.micros(window));
    }

    @Test
    void swapWithoutAMemoryLimitIsOfNoMatter() {
        assertThatCode(() -> Limits.none().swap(SwapPolicy.total(bytes(1)))).doesNotThrowAnyException();
    }

    /** Version 1 prints "unlimited" as the largest number of whole pages, floored once more for huge ones. */
    @Test
    void theLargestNumbersAreNoLimit() {
        long edge = Long.MAX_VALUE - 2 * 4096;

        assertThat(KernelNumber.size(Long.toString(edge), 4096)).contains(Limit.max());
        assertThat(KernelNumber.size(Long.toString(edge - 1), 4096)).contains(Limit.of(bytes(edge - 1)));
        assertThat(KernelNumber.size("max\n", 4096)).contains(Limit.max());
        assertThat(KernelNumber.size("18446744073709551615", 4096)).contains(Limit.max());
        assertThat(KernelNumber.parse("9223372036854775807")).contains(Long.MAX_VALUE);
        assertThat(KernelNumber.parse("9223372036854775806")).contains(Long.MAX_VALUE - 1);
        assertThat(KernelNumber.parse("9223372036854775808")).contains(Long.MAX_VALUE);
        assertThat(KernelNumber.parse("123456789012345678901")).isEmpty();
    }

    /** Without privilege the kernel takes windows of whole multiples of 2 s only. */
    @Test
    void windowsThatNeedPrivilegeAreRoundedUp() {
        assertThat(trigger(1, 2_000_000).isUnprivileged()).isTrue();
        assertThat(trigger(1, 2_000_001).isUnprivileged()).isFalse();
        assertThat(trigger(1, 500_000).rounded()).isEqualTo(trigger(1, 2_000_000));
        assertThat(trigger(1, 2_000_000).rounded()).isEqualTo(trigger(1, 2_000_000));
        assertThat(trigger(1, 2_000_001).rounded()).isEqualTo(trigger(1, 4_000_000));
        assertThat(trigger(1, 10_000_000).rounded()).isEqualTo(trigger(1, 10_000_000));
    }

    @Test
    void theSameShareIsNotMore() {
        assertThat(CpuMax.parse("50000 100000").exceeds(CpuMax.parse("25000 50000")))
                .isFalse();
        assertThat(CpuMax.parse("50000 100000").exceeds(CpuMax.parse("49999 100000")))
                .isTrue();
        assertThat(CpuMax.parse("49999 100000").exceeds(CpuMax.parse("50000 100000")))
                .isFalse();
        assertThat(CpuMax.unlimited().exceeds(CpuMax.unlimited())).isFalse();
    }

    @Test
    void devicesAreInOrder() {
        assertThat(DeviceNumber.of(8, 0)).isLessThan(DeviceNumber.of(8, 1)).isLessThan(DeviceNumber.of(9, 0));
        assertThat(DeviceNumber.of(8, 1)).isGreaterThan(DeviceNumber.of(8, 0)).isLessThan(DeviceNumber.of(9, 0));
        assertThat(DeviceNumber.of(8, 1)).isEqualByComparingTo(DeviceNumber.of(8, 1));
    }

    @Test
    void everyRateIsInTheLine() {
        assertThat(IoMax.of(DISK)
                        .readBytes(bytes(1))
                        .writeBytes(bytes(2))
                        .readOps(3)
                        .writeOps(4))
                .hasToString("8:0 rbps=1 wbps=2 riops=3 wiops=4");
        assertThat(IoMax.unlimited(DISK)).hasToString("8:0 rbps=max wbps=max riops=max wiops=max");
    }
}
