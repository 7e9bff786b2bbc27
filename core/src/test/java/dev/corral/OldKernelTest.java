package dev.corral;

import dev.corral.internal.launch.Launcher;
import dev.corral.testing.OldKernel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The same file trees where the calls that make them are missing, or kept from the launcher. */
@ParameterizedClass
@EnumSource(OldKernel.class)
class OldKernelTest extends RootPlanTest {
    @Parameter
    OldKernel kernel = OldKernel.ALL_ENOSYS;

    private @Nullable Launcher launcher;

    @Override
    void prepare() throws Exception {
        launcher = kernel.launcher(Start::of);
    }

    @Override
    Child start(Command command) {
        return Start.of(command, Objects.requireNonNull(launcher));
    }
}
