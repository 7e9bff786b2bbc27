package dev.corral.examples.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import org.junit.jupiter.api.Test;

/** The classes of the modules, held against the rules of the house. */
class HouseTest {
    private static final String ROOT = "dev.corral";
    private static final HouseRules RULES = new HouseRules(ROOT);

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(HouseTest::isNoExample)
            .importPackages(ROOT);

    @Test
    void theHouseWasFound() {
        assertThat(HOUSE.contain("dev.corral.Command")).isTrue();
        assertThat(HOUSE.contain("dev.corral.cgroups.Cgroup")).isTrue();
        assertThat(HOUSE.contain("dev.corral.namespaces.Namespace")).isTrue();
        assertThat(HOUSE.contain("dev.corral.archives.TarArchive")).isTrue();
        assertThat(HOUSE.contain("dev.corral.reconcile.workload.Container")).isTrue();
    }

    @Test
    void everyClassHasARoom() {
        RULES.everyClassHasARoom().check(HOUSE);
    }

    @Test
    void onlyInternalLinuxSeesJna() {
        RULES.onlyInternalLinuxSeesJna().check(HOUSE);
    }

    @Test
    void coreKnowsNoOtherRoom() {
        RULES.coreKnowsNoOtherRoom().check(HOUSE);
    }

    @Test
    void cgroupsKnowsOnlyCore() {
        RULES.cgroupsKnowsOnlyCore().check(HOUSE);
    }

    @Test
    void namespacesKnowsOnlyCore() {
        RULES.namespacesKnowsOnlyCore().check(HOUSE);
    }

    @Test
    void archivesKnowsOnlyCoreAndNamespaces() {
        RULES.archivesKnowsOnlyCoreAndNamespaces().check(HOUSE);
    }

    @Test
    void internalsKnowNothingAboveThem() {
        RULES.internalsKnowNothingAboveThem().check(HOUSE);
    }

    @Test
    void inReconcileOnlyTheNodeKnowsTheKernelsRooms() {
        RULES.inReconcileOnlyTheNodeKnowsTheKernelsRooms().check(HOUSE);
    }

    @Test
    void packagesFormNoCircle() {
        RULES.packagesFormNoCircle().check(HOUSE);
    }

    @Test
    void everyPackageIsNullMarked() {
        RULES.everyPackageIsNullMarked().check(HOUSE);
    }

    @Test
    void publicSignaturesShowNoInternals() {
        RULES.publicSignaturesShowNoInternals().check(HOUSE);
    }

    @Test
    void nobodyEndsTheJvmOrSleeps() {
        RULES.nobodyEndsTheJvmOrSleeps().check(HOUSE);
    }

    @Test
    void reconcileTakesTimeAndChanceFromOutside() {
        RULES.reconcileTakesTimeAndChanceFromOutside().check(HOUSE);
    }

    private static boolean isNoExample(Location location) {
        return !location.contains("/dev/corral/examples/");
    }
}
