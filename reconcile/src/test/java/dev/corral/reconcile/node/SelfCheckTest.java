package dev.corral.reconcile.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.Capabilities;
import dev.corral.Feature;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;
import dev.corral.network.UserModeProgram;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SelfCheckTest {
    private final SelfCheck check = SelfCheck.run();

    @Test
    void everyFeatureHasItsAnswer() {
        Capabilities capabilities = Capabilities.probe();

        for (Feature feature : Feature.values()) {
            assertThat(check.findings())
                    .filteredOn(finding -> finding.what().equals(feature.text()))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.reason()).isEqualTo(capabilities.whyNot(feature)));
        }
    }

    @Test
    void aSettingOfTheKernelIsToldWhole() throws Exception {
        Path setting = Path.of("/proc/sys/user/max_user_namespaces");
        assumeThat(setting).exists();

        assertThat(check.machine())
                .contains("user.max_user_namespaces = "
                        + Files.readAllLines(setting).get(0));
    }

    @Test
    void everyControllerHasItsAnswer() {
        Cgroups host = Cgroups.detect();

        for (Controller controller : Controller.values()) {
            assertThat(check.findings())
                    .filteredOn(finding -> finding.what().equals(controller.toString()))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.ok())
                            .isEqualTo(host.availability(controller).ok()));
        }
    }

    @Test
    void whatDoesNotWorkHasAReason() {
        assertThat(check.missing()).allSatisfy(finding -> {
            assertThat(finding.reason().orElseThrow()).isNotBlank();
            assertThat(check.toString()).contains("no   " + finding.what() + ": ");
        });
    }

    @Test
    void nobodyLearnsWhoseMachineItIs() throws Exception {
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();

        // root is nobody in particular, and what it has to be asked for is told
        String user = Optional.ofNullable(System.getenv("LOGNAME"))
                .filter(name -> !name.equals("root"))
                .orElse("nobody at all");
        assertThat(check.toString().split("[^A-Za-z0-9_.-]+"))
                .doesNotContain(host)
                .doesNotContain(user);
    }

    @Test
    void aJvmOfItsOwnPrintsTheSame() throws Exception {
        Process jvm = another().start();
        String printed = new String(jvm.getInputStream().readAllBytes(), UTF_8);

        assertThat(jvm.waitFor()).isEqualTo(check.usable() ? 0 : 1);
        assertThat(printed.lines().filter(line -> line.startsWith("yes") || line.startsWith("no ")))
                .hasSameSizeAs(check.findings());
    }

    @Test
    void aProgramIsThereWhereALaunchFindsIt() throws Exception {
        ProcessBuilder elsewhere = another();
        elsewhere.environment().put("PATH", "/nowhere");
        String printed = new String(elsewhere.start().getInputStream().readAllBytes(), UTF_8);

        for (UserModeProgram program : UserModeProgram.values()) {
            boolean there =
                    program.installed().filter(file -> file.startsWith("/usr")).isPresent();
            assertThat(printed).contains((there ? "yes  " : "no   ") + program.executable());
        }
    }

    @Test
    void whereJnaCanNotBeLoadedEverythingThatTakesItSaysSo() throws Exception {
        ProcessBuilder without = another();
        without.command()
                .addAll(1, List.of("-Djna.nounpack=true", "-Djna.nosys=true", "-Djna.boot.library.path=/nowhere"));
        Process jvm = without.start();
        String printed = new String(jvm.getInputStream().readAllBytes(), UTF_8);

        assertThat(jvm.waitFor()).isEqualTo(1);
        assertThat(printed)
                .startsWith("This machine\n     Linux ")
                .contains("no   start of a child: JNA can't load its native part: ")
                .contains("no   subordinate ids of this user: JNA can't load its native part: ")
                .contains("no   control groups: JNA can't load its native part: ");
    }

    private static ProcessBuilder another() {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        "-cp",
                        System.getProperty("java.class.path")
                                + File.pathSeparator
                                + System.getProperty("jdk.module.path", ""),
                        SelfCheck.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    @Test
    void whatToDoIsToldOnce() {
        String way = "; let root hand it over";
        SelfCheck bad = new SelfCheck(
                List.of(),
                Stream.of("memory", "cpu")
                        .map(what -> new SelfCheck.Finding("Groups", what, Optional.of(what + " is root's" + way)))
                        .toList());

        assertThat(bad).hasToString("""
                        This machine
                        Groups
                        no   memory: memory is root's; let root hand it over
                        no   cpu: cpu is root's; what to do stands above
                        """);
    }

    @Test
    void whoCanStartNothingIsToldSo() {
        SelfCheck.Finding launch =
                new SelfCheck.Finding("Children", Feature.LAUNCH.text(), Optional.of("no memory file"));
        SelfCheck bad = new SelfCheck(List.of("Linux 2.6"), List.of(launch));

        assertThat(bad.usable()).isFalse();
        assertThat(bad).hasToString("This machine\n     Linux 2.6\nChildren\nno   start of a child: no memory file\n");
    }

    @Test
    void theNameOfADistribution() {
        assertThat(Machine.distribution("NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"))
                .contains("Debian GNU/Linux 12 (bookworm)");
        assertThat(Machine.distribution("")).isEmpty();
    }

    @Test
    void theLinesOfAStatusFile() {
        assertThat(Machine.status("Name:\ta b\nUid:\t0\t1\t2\t3\nodd\n"))
                .containsOnlyKeys("Name", "Uid")
                .containsEntry("Uid", "0 1 2 3");
    }
}
