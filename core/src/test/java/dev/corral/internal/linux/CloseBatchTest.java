package dev.corral.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Command;
import dev.corral.testing.ForkedJvm;
import dev.corral.testing.OneCallFilter;
import dev.corral.testing.Outputs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseBatchTest {
    private static final int CLOSE_RANGE = 436;

    @Test
    void allOfItIsClosedAndNothingBetween() {
        assertThat(Trial.all()).isEmpty();
    }

    @Test
    void itIsEmptyAndTakesMoreThen() {
        CloseBatch batch = new CloseBatch();
        assertThat(batch.isEmpty()).isTrue();
        for (int i = 0; i < 2; i++) {
            int fd = Trial.open();
            batch.add(fd);
            assertThat(batch.isEmpty()).isFalse();
            batch.close();
            assertThat(batch.isEmpty()).isTrue();
            batch.close();
        }
    }

    /** Before Linux 5.9, or kept from the JVM by the profile of a container. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOSYS, Errno.EPERM})
    void whereTheCallIsRefusedEachIsClosedAlone(int errno) throws Exception {
        Command jvm = Command.of(ForkedJvm.commandLine(Trial.class))
                .with(launch -> launch.seccomp(OneCallFilter.of(CLOSE_RANGE, OneCallFilter.error(errno))));
        assertThat(Outputs.of(jvm)).isEqualTo("[]\n");
    }

    /** Opens many, puts some of them into a batch in no order, and looks what is open afterwards. */
    static final class Trial {
        private static final int MANY = 200;
        private static final int KEPT_ONE_IN = 7;
        private static final Path NULL = Path.of("/dev/null");

        private Trial() {}

        public static void main(String[] arguments) {
            System.out.println(all());
        }

        static int open() {
            return LibC.open(NULL, LibC.O_RDONLY);
        }

        /** What is not as it should be. */
        static List<String> all() {
            List<Integer> closed = new ArrayList<>();
            List<Integer> kept = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                (i % KEPT_ONE_IN == 0 ? kept : closed).add(open());
            }
            Collections.shuffle(closed, new Random(1));
            CloseBatch batch = new CloseBatch();
            closed.forEach(batch::add);
            batch.close();
            List<String> wrong = new ArrayList<>();
            NativeBuffer calls = new NativeBuffer(8);
            long device = calls.inode(NULL).orElseThrow();
            for (int fd : kept) {
                if (!isOpen(calls, fd, device)) {
                    wrong.add(fd + " was closed");
                }
                LibC.close(fd);
            }
            for (int fd : closed) {
                if (isOpen(calls, fd, device)) {
                    wrong.add(fd + " is open");
                }
            }
            return wrong;
        }

        /** A number that somebody else has taken meanwhile leads elsewhere. */
        private static boolean isOpen(NativeBuffer calls, int fd, long device) {
            try {
                return calls.inode(fd) == device;
            } catch (ErrnoException e) {
                return false;
            }
        }
    }
}
