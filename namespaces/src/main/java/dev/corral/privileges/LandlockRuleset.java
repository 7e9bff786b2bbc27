package dev.corral.privileges;

import static dev.corral.privileges.LandlockRight.Kind.FILE;
import static dev.corral.privileges.LandlockRight.Kind.PORT;
import static dev.corral.privileges.LandlockRight.Kind.SCOPE;
import static dev.corral.privileges.LandlockRight.REFER;

import dev.corral.Applied;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the kernel gets: masks and rules in the words of one version of the interface.
 *
 * @param files the file rights that are taken; the rules' rights lie within them
 * @param ports the same for TCP ports
 * @param scopes the scopes that are closed
 * @param paths what is given back, by absolute path
 * @param portRules what is given back, by port
 * @param missing what was asked for and this version does not know
 * @param applied the report
 */
record LandlockRuleset(
        long files,
        long ports,
        long scopes,
        SortedMap<Path, Long> paths,
        SortedMap<Integer, Long> portRules,
        Set<LandlockRight> missing,
        Applied applied) {

    /** Says it in the words of a version, 0 for a kernel without Landlock. */
    static LandlockRuleset of(Landlock wanted, int abi) {
        Set<LandlockRight> known = EnumSet.noneOf(LandlockRight.class);
        known.addAll(wanted.restricted());
        known.removeIf(right -> right.abi() > abi);
        Set<LandlockRight> missing = EnumSet.noneOf(LandlockRight.class);
        missing.addAll(wanted.restricted());
        missing.removeAll(known);
        // The first version denies it everywhere. That is what was asked for, unless a rule gives it back.
        boolean denied = abi == REFER.abi() - 1 && missing.contains(REFER);
        boolean wantedBack = wanted.paths().values().stream().anyMatch(rights -> rights.contains(REFER));
        if (denied && !wantedBack) {
            missing.remove(REFER);
        }
        return new LandlockRuleset(
                mask(known, FILE),
                mask(known, PORT),
                mask(known, SCOPE),
                rules(wanted.paths(), known),
                rules(wanted.ports(), known),
                missing,
                report(wanted, known, missing, abi, denied));
    }

    boolean isEmpty() {
        return files == 0 && ports == 0 && scopes == 0;
    }

    private static long mask(Collection<LandlockRight> rights, LandlockRight.Kind kind) {
        return rights.stream()
                .filter(right -> right.kind() == kind)
                .mapToLong(LandlockRight::bit)
                .reduce(0, (a, b) -> a | b);
    }

    /** The kernel refuses a rule with rights that are not taken, and one with none. */
    private static <K> SortedMap<K, Long> rules(SortedMap<K, Set<LandlockRight>> wanted, Set<LandlockRight> known) {
        SortedMap<K, Long> rules = new TreeMap<>();
        wanted.forEach((object, rights) -> {
            long mask = rights.stream()
                    .filter(known::contains)
                    .mapToLong(LandlockRight::bit)
                    .reduce(0, (a, b) -> a | b);
            if (mask != 0) {
                rules.put(object, mask);
            }
        });
        return rules;
    }

    private static Applied report(
            Landlock wanted, Set<LandlockRight> known, Set<LandlockRight> missing, int abi, boolean denied) {
        List<Applied.Entry> entries = new ArrayList<>();
        Map<LandlockRight.Kind, List<LandlockRight>> kinds = wanted.restricted().stream()
                .collect(Collectors.groupingBy(LandlockRight::kind, TreeMap::new, Collectors.toList()));
        kinds.forEach((kind, rights) -> {
            List<LandlockRight> enforced = rights.stream()
                    .filter(right -> known.contains(right) || (denied && right == REFER))
                    .toList();
            if (!enforced.isEmpty()) {
                entries.add(new Applied.Entry(
                        "landlock " + text(kind),
                        texts(rights),
                        Optional.empty(),
                        Optional.of(texts(enforced)),
                        "Landlock ABI " + abi));
            }
        });
        for (LandlockRight right : missing) {
            entries.add(new Applied.Entry(
                    "landlock " + text(right),
                    "restricted",
                    Optional.empty(),
                    denied && right == REFER ? Optional.of("denied everywhere") : Optional.empty(),
                    "needs Landlock ABI " + right.abi() + ", this kernel has " + (abi == 0 ? "none" : "ABI " + abi)));
        }
        return new Applied(entries);
    }

    private static String texts(Collection<LandlockRight> rights) {
        return rights.stream().map(LandlockRuleset::text).collect(Collectors.joining(" "));
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
