package dev.corral.examples.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule finds what breaks it, and only that: a rule that can't fail protects nothing. */
class CrookedHouseTest {
    private static final String ROOT = "dev.corral.examples.architecture.crooked";
    private static final HouseRules RULES = new HouseRules(ROOT);
    private static final JavaClasses HOUSE = new ClassFileImporter().importPackages(ROOT);

    @Test
    void everyClassHasARoom() {
        assertThat(broken(RULES.everyClassHasARoom()))
                .singleElement()
                .asString()
                .contains("StandsOutside");
    }

    @Test
    void onlyInternalLinuxSeesJna() {
        assertThat(broken(RULES.onlyInternalLinuxSeesJna()))
                .isNotEmpty()
                .allMatch(line -> line.contains("KnowsWhatIsAbove.seesJna"));
    }

    @Test
    void coreKnowsNoOtherRoom() {
        assertThat(broken(RULES.coreKnowsNoOtherRoom()))
                .isNotEmpty()
                .allMatch(line -> line.contains("CrookedHouse.coreKnowsCgroups"));
    }

    @Test
    void cgroupsKnowsOnlyCore() {
        assertThat(broken(RULES.cgroupsKnowsOnlyCore()))
                .isNotEmpty()
                .allMatch(line -> line.contains("KnowsItsSibling.sibling"));
    }

    @Test
    void namespacesKnowsOnlyCore() {
        assertThat(broken(RULES.namespacesKnowsOnlyCore()))
                .isNotEmpty()
                .allMatch(line -> line.contains("KnowsWhatIsHigher.higher"));
    }

    @Test
    void archivesKnowsOnlyCoreAndNamespaces() {
        assertThat(broken(RULES.archivesKnowsOnlyCoreAndNamespaces()))
                .isNotEmpty()
                .allMatch(line -> line.contains("KnowsWhatIsBeside.beside"));
    }

    @Test
    void internalsKnowNothingAboveThem() {
        assertThat(broken(RULES.internalsKnowNothingAboveThem()))
                .isNotEmpty()
                .allMatch(line -> line.contains("KnowsWhatIsAbove.above"));
    }

    @Test
    void inReconcileOnlyTheNodeKnowsTheKernelsRooms() {
        assertThat(broken(RULES.inReconcileOnlyTheNodeKnowsTheKernelsRooms()))
                .isNotEmpty()
                .allMatch(line -> line.contains("KnowsTheKernelsRooms.enforcer"));
    }

    @Test
    void packagesFormNoCircle() {
        assertThat(broken(RULES.packagesFormNoCircle())).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(broken(RULES.everyPackageIsNullMarked())).contains(ROOT + ".shed is not @NullMarked");
    }

    @Test
    void publicSignaturesShowNoInternals() {
        assertThat(broken(RULES.publicSignaturesShowNoInternals()))
                .singleElement()
                .asString()
                .contains("showsAnInternalType");
    }

    @Test
    void nobodyEndsTheJvmOrSleeps() {
        assertThat(broken(RULES.nobodyEndsTheJvmOrSleeps()))
                .hasSize(2)
                .anyMatch(line -> line.contains("CrookedHouse.endsTheJvm"))
                .anyMatch(line -> line.contains("CrookedHouse.sleeps"));
    }

    @Test
    void reconcileTakesTimeAndChanceFromOutside() {
        assertThat(broken(RULES.reconcileTakesTimeAndChanceFromOutside()))
                .hasSizeGreaterThanOrEqualTo(3)
                .allMatch(line -> line.contains("AsksTheSystem."))
                .anyMatch(line -> line.contains("AsksTheSystem.now"))
                .anyMatch(line -> line.contains("AsksTheSystem.uid"))
                .anyMatch(line -> line.contains("AsksTheSystem.order"));
    }

    private static List<String> broken(ArchRule rule) {
        return rule.evaluate(HOUSE).getFailureReport().getDetails();
    }
}
