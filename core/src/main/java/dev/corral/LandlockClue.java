package dev.corral;

import dev.corral.ChildTree.Place;
import dev.corral.internal.linux.FileNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the Landlock rules of a launch let programs be executed. Good for a hint only. */
final class LandlockClue {
    /** LANDLOCK_ACCESS_FS_EXECUTE. Source: linux/landlock.h. */
    private static final long EXECUTE = 1;

    private final List<Path> executable;

    private LandlockClue(List<Path> executable) {
        this.executable = executable;
    }

    /** Empty if execution is not restricted, or it can't be told where a rule leads. */
    static Optional<LandlockClue> of(Launch launch, ChildTree tree) {
        if (launch.landlock.isEmpty() || (launch.landlock.get().files() & EXECUTE) == 0) {
            return Optional.empty();
        }
        List<Path> executable = new ArrayList<>();
        for (Launch.LandlockPath rule : launch.landlock.get().paths()) {
            if ((rule.access() & EXECUTE) != 0) {
                Optional<Path> place = tree.find(FileNames.text(rule.path()))
                        .flatMap(Place::file)
                        .flatMap(LandlockClue::real);
                if (place.isEmpty()) {
                    return Optional.empty();
                }
                executable.add(place.get());
            }
        }
        return Optional.of(new LandlockClue(List.copyOf(executable)));
    }

    /** The first of these that lies beneath none of the places. */
    Optional<Place> firstOutside(List<Place> chain) {
        return chain.stream()
                .filter(place -> place.file()
                        .flatMap(LandlockClue::real)
                        .filter(file -> executable.stream().noneMatch(file::startsWith))
                        .isPresent())
                .findFirst();
    }

    private static Optional<Path> real(Path path) {
        try {
            return Optional.of(path.toRealPath());
        } catch (IOException unreachable) {
            return Optional.empty();
        }
    }
}
