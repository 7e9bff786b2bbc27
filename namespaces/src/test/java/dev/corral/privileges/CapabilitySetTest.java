package dev.corral.privileges;

import static dev.corral.privileges.Capability.CAP_CHECKPOINT_RESTORE;
import static dev.corral.privileges.Capability.CAP_CHOWN;
import static dev.corral.privileges.Capability.CAP_KILL;
import static dev.corral.privileges.Capability.CAP_NET_ADMIN;
import static dev.corral.privileges.Capability.CAP_SYS_ADMIN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapabilitySetTest {
    private static final Pattern DEFINITION = Pattern.compile("#define (CAP_[A-Z_]+) ([0-9]+)");

    @Test
    void numbersAreThoseOfTheKernelsHeader(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("capability.c"), "#include <linux/capability.h>\n");
        String macros = Programs.run(directory, "", List.of(Programs.compiler(), "-E", "-dM", file.toString()))
                .output();
        Matcher definition = DEFINITION.matcher(macros);
        int found = 0;
        while (definition.find()) {
            assertThat(Capability.valueOf(definition.group(1)).number())
                    .isEqualTo(Integer.parseInt(definition.group(2)));
            found++;
        }
        assertThat(found).isGreaterThan(35);
    }

    @Test
    void aMaskHasTheBitOfEachNumber() {
        assertThat(CapabilitySet.none().mask()).isZero();
        assertThat(CapabilitySet.of(CAP_CHOWN, CAP_KILL).mask()).isEqualTo(0b10_0001);
        assertThat(CapabilitySet.of(CAP_CHECKPOINT_RESTORE).mask()).isEqualTo(1L << 40);
        assertThat(CapabilitySet.all().mask()).isEqualTo(0x1ff_ffff_ffffL);
        assertThat(CapabilitySet.all().capabilities()).containsExactly(Capability.values());
    }

    @Test
    void aMaskWithABitNobodyKnowsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CapabilitySet.ofMask(1L << 41))
                .withMessageContaining("0x20000000000");
        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySet.ofMask(-1));
    }

    @Test
    void whatIsWrittenCanBeRead() {
        for (Capability first : Capability.values()) {
            for (Capability second : Capability.values()) {
                CapabilitySet set = CapabilitySet.of(first, second);
                assertThat(CapabilitySet.parse(set.toString())).isEqualTo(set).hasSameHashCodeAs(set);
                assertThat(CapabilitySet.ofMask(set.mask())).isEqualTo(set);
            }
        }
        for (CapabilitySet set : new CapabilitySet[] {CapabilitySet.none(), CapabilitySet.all()}) {
            assertThat(CapabilitySet.parse(set.toString())).isEqualTo(set);
        }
    }

    @Test
    void namesAreReadInAnyCaseAndWithoutPrefix() {
        CapabilitySet set = CapabilitySet.of(CAP_NET_ADMIN, CAP_SYS_ADMIN);
        assertThat(CapabilitySet.parse("cap_net_admin,CAP_SYS_ADMIN")).isEqualTo(set);
        assertThat(CapabilitySet.parse("  sys_admin   Net_Admin ")).isEqualTo(set);
        assertThat(CapabilitySet.parse("")).isEqualTo(CapabilitySet.none());
    }

    @Test
    void anUnknownNameIsRefused() {
        for (String text : new String[] {"CAP_FLY", "CAP_KILL,,CAP_CHOWN", "CAP_KILL,none", "ALL", "12"}) {
            assertThatIllegalArgumentException()
                    .as(text)
                    .isThrownBy(() -> CapabilitySet.parse(text))
                    .withMessageContaining("is not known");
        }
    }

    @Test
    void setsAreChangedByMakingNewOnes() {
        CapabilitySet kill = CapabilitySet.of(CAP_KILL);
        CapabilitySet both = kill.and(CAP_CHOWN);
        assertThat(kill.contains(CAP_CHOWN)).isFalse();
        assertThat(both.contains(CAP_CHOWN)).isTrue();
        assertThat(both.containsAll(kill)).isTrue();
        assertThat(kill.containsAll(both)).isFalse();
        assertThat(both.without(CAP_KILL, CAP_CHOWN)).isEqualTo(CapabilitySet.none());
        assertThat(both.without(CAP_KILL).isEmpty()).isFalse();
        assertThat(both).hasToString("CAP_CHOWN,CAP_KILL");
    }

    @Test
    void thisJvmsOwnSetCanBeRead() throws IOException {
        String status = new String(Files.readAllBytes(Path.of("/proc/self/status")), UTF_8);
        Matcher line = Pattern.compile("CapBnd:\\s*([0-9a-f]+)").matcher(status);
        assertThat(line.find()).isTrue();
        long mask = Long.parseUnsignedLong(line.group(1), 16);
        assertThat(CapabilitySet.ofMask(mask & CapabilitySet.all().mask()).capabilities())
                .hasSize(Long.bitCount(mask & CapabilitySet.all().mask()));
    }
}
