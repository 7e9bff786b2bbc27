package dev.corral.examples.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.all;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.corral.examples.architecture.Room.ARCHIVES;
import static dev.corral.examples.architecture.Room.CGROUPS;
import static dev.corral.examples.architecture.Room.CORE;
import static dev.corral.examples.architecture.Room.NAMESPACES;
import static dev.corral.examples.architecture.Room.RECONCILE;
import static dev.corral.examples.architecture.Room.packagesOf;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.AbstractClassesTransformer;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ClassesTransformer;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * What holds between the packages of the house, for a house that stands in any root package: so each rule can be tried on a
 * house that breaks it. A rule about rooms that are still empty holds.
 */
final class HouseRules {
    private static final Map<String, Set<String>> BANNED = Map.of(
            "java.lang.System", Set.of("exit"),
            "java.lang.Runtime", Set.of("exit", "halt"),
            "java.lang.Thread", Set.of("sleep"),
            "java.util.concurrent.TimeUnit", Set.of("sleep"));

    private static final Map<String, Set<String>> UNPREDICTABLE = Map.of(
            "java.time.Instant", Set.of("now"),
            "java.lang.System", Set.of("nanoTime", "currentTimeMillis", "identityHashCode"),
            "java.lang.Math", Set.of("random"),
            "java.util.UUID", Set.of("randomUUID"),
            "java.util.concurrent.ThreadLocalRandom", Set.of("current"),
            "java.lang.Thread", Set.of("sleep"));

    private final String root;

    HouseRules(String root) {
        this.root = root;
    }

    ArchRule everyClassHasARoom() {
        return classes().should().resideInAnyPackage(Room.all(root)).allowEmptyShould(true);
    }

    ArchRule onlyInternalLinuxSeesJna() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(name("internal.linux"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .allowEmptyShould(true);
    }

    ArchRule coreKnowsNoOtherRoom() {
        return mayNotKnow(CORE, CGROUPS, NAMESPACES, ARCHIVES, RECONCILE);
    }

    ArchRule cgroupsKnowsOnlyCore() {
        return mayNotKnow(CGROUPS, NAMESPACES, ARCHIVES, RECONCILE);
    }

    ArchRule namespacesKnowsOnlyCore() {
        return mayNotKnow(NAMESPACES, CGROUPS, ARCHIVES, RECONCILE);
    }

    ArchRule archivesKnowsOnlyCoreAndNamespaces() {
        return mayNotKnow(ARCHIVES, CGROUPS, RECONCILE);
    }

    ArchRule internalsKnowNothingAboveThem() {
        return noClasses()
                .that()
                .resideInAPackage(name("internal.."))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root)
                .allowEmptyShould(true);
    }

    /** The control plane puts all together, so it may know them too. */
    ArchRule inReconcileOnlyTheNodeKnowsTheKernelsRooms() {
        return noClasses()
                .that()
                .resideInAnyPackage(name("reconcile"), name("reconcile.workload"), name("reconcile.testing"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packagesOf(root, CGROUPS, NAMESPACES))
                .allowEmptyShould(true);
    }

    ArchRule packagesFormNoCircle() {
        return slices().assignedFrom(new OneSlicePerPackage())
                .namingSlices("$1")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true);
    }

    ArchRule everyPackageIsNullMarked() {
        return all(packagesWithClasses()).should(beNullMarked()).allowEmptyShould(true);
    }

    ArchRule publicSignaturesShowNoInternals() {
        return methods()
                .that(describe("are part of the public API", this::isApi))
                .should(showNothingOf(root + ".internal."))
                .allowEmptyShould(true);
    }

    ArchRule nobodyEndsTheJvmOrSleeps() {
        return noClasses()
                .should()
                .callMethodWhere(describe("it ends the JVM or sleeps", HouseRules::isBanned))
                .allowEmptyShould(true);
    }

    /**
     * What runs in a simulated world takes time, chance and threads from the outside. Those that stand for the real world may make
     * them: the system's clock, and what runs threads of its own when nobody passes others.
     */
    ArchRule reconcileTakesTimeAndChanceFromOutside() {
        return noClasses()
                .that()
                .resideInAnyPackage(name("reconcile"), name("reconcile.workload"), name("reconcile.testing"))
                .and()
                .doNotHaveSimpleName("SystemClock")
                .should()
                .callMethodWhere(describe("it asks the system for time or chance", HouseRules::isUnpredictable))
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.IdentityHashMap")
                .allowEmptyShould(true);
    }

    private ArchRule mayNotKnow(Room room, Room... others) {
        return noClasses()
                .that()
                .resideInAnyPackage(packagesOf(root, room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packagesOf(root, others))
                .allowEmptyShould(true);
    }

    private String name(String relative) {
        return root + "." + relative;
    }

    private boolean isApi(JavaMember member) {
        JavaClass owner = member.getOwner();
        return !owner.getPackageName().startsWith(root + ".internal.")
                && Stream.concat(Stream.of(owner), enclosing(owner)).allMatch(HouseRules::isVisible)
                && (member.getModifiers().contains(JavaModifier.PUBLIC)
                        || member.getModifiers().contains(JavaModifier.PROTECTED));
    }

    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                || type.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaClass> enclosing(JavaClass type) {
        return Stream.iterate(
                        type.getEnclosingClass(),
                        outer -> outer.isPresent(),
                        outer -> outer.flatMap(JavaClass::getEnclosingClass))
                .map(outer -> outer.get());
    }

    private static boolean isUnpredictable(JavaMethodCall call) {
        return UNPREDICTABLE
                        .getOrDefault(call.getTargetOwner().getName(), Set.of())
                        .contains(call.getName())
                && !isDefaultSeam(call.getOriginOwner());
    }

    /** Where the engine's interfaces name their default implementation, which nobody gets who passes another. */
    private static boolean isDefaultSeam(JavaClass origin) {
        return origin.getSimpleName().equals("Store") && origin.isInterface();
    }

    private static boolean isBanned(JavaMethodCall call) {
        return BANNED.getOrDefault(call.getTargetOwner().getName(), Set.of()).contains(call.getName());
    }

    private static ArchCondition<JavaCodeUnit> showNothingOf(String prefix) {
        return new ArchCondition<>("show nothing of " + prefix) {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                List<JavaClass> shown = new ArrayList<>(unit.getRawParameterTypes());
                shown.add(unit.getRawReturnType());
                unit.getThrowsClause().forEach(thrown -> shown.add(thrown.getRawType()));
                shown.stream()
                        .map(JavaClass::getBaseComponentType)
                        .filter(type -> type.getName().startsWith(prefix))
                        .forEach(type -> events.add(
                                SimpleConditionEvent.violated(unit, unit.getFullName() + " shows " + type.getName())));
            }
        };
    }

    private static ArchCondition<JavaPackage> beNullMarked() {
        return new ArchCondition<>("have a package-info with @NullMarked") {
            @Override
            public void check(JavaPackage each, ConditionEvents events) {
                boolean marked = each.tryGetPackageInfo().isPresent() && each.isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(
                        each, marked, each.getName() + (marked ? " is" : " is not") + " @NullMarked"));
            }
        };
    }

    private static ClassesTransformer<JavaPackage> packagesWithClasses() {
        return new AbstractClassesTransformer<>("packages") {
            @Override
            public Iterable<JavaPackage> doTransform(JavaClasses classes) {
                Map<String, JavaPackage> packages = new LinkedHashMap<>();
                classes.forEach(each -> packages.put(each.getPackageName(), each.getPackage()));
                return packages.values();
            }
        };
    }

    private static final class OneSlicePerPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "one slice per package";
        }
    }
}
