package dev.corral.internal.launch;

import java.util.Arrays;
import java.util.Optional;

/** Which process of a launch speaks. */
public enum Stage {
    STAGE0(0),
    INIT(1),
    PAYLOAD(2);

    private final int number;

    Stage(int number) {
        this.number = number;
    }

    static Optional<Stage> numbered(int number) {
        return Arrays.stream(values()).filter(stage -> stage.number == number).findAny();
    }
}
