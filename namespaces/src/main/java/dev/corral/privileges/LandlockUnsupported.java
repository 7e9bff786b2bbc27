package dev.corral.privileges;

import dev.corral.CorralException;
import java.io.Serial;
import java.util.Set;
import java.util.TreeSet;

/** The kernel's Landlock can't restrict all that was asked for, and it was to be enforced. */
public final class LandlockUnsupported extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int abi;
    private final TreeSet<LandlockRight> missing;

    LandlockUnsupported(int abi, Set<LandlockRight> missing) {
        super(sentence(abi, missing));
        this.abi = abi;
        this.missing = new TreeSet<>(missing);
    }

    /** The version of this kernel's interface; 0 for a kernel without Landlock. */
    public int abi() {
        return abi;
    }

    /** What it does not know; never empty. */
    public Set<LandlockRight> missing() {
        return Set.copyOf(missing);
    }

    private static String sentence(int abi, Set<LandlockRight> missing) {
        int needed = missing.stream().mapToInt(LandlockRight::abi).max().orElseThrow();
        return "can't restrict " + new TreeSet<>(missing) + ": that needs Landlock ABI " + needed + ", and this kernel "
                + (abi == 0 ? "has no Landlock, or it is switched off at boot" : "has ABI " + abi)
                + "; ask for less by knownTo(" + abi + "), or for what there is by bestEffort()";
    }
}
