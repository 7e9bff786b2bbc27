package dev.corral;

import dev.corral.internal.launch.Launcher;
import dev.corral.testing.OldKernel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The same hostility where paths are walked by hand, and mounts made by mount(2). */
@ParameterizedClass
@EnumSource(names = {"PATHS_ENOSYS", "MOUNTS_EPERM", "ALL_ENOSYS"})
class OldKernelHostileRootTest extends HostileRootTest {
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
