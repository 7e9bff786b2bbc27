package dev.corral.stranger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Cause;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.ExecFailed;
import dev.corral.Exit;
import dev.corral.ImpossibleLaunch;
import dev.corral.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What Launch offers to confinements that Corral does not know: it takes nothing but the public API. */
class StrangerTest {
    private final List<String> diary = new CopyOnWriteArrayList<>();

    private record Ticket(int number) {}

    private record TooExpensive(int price) implements Cause {
        @Override
        public String describe() {
            return "too expensive (" + price + ")";
        }
    }

    /** Owns something, provides a value, and knows why children end. */
    private record Toll(int number, List<String> diary) implements Confinement {
        @Override
        public void prepare(Launch launch) {
            diary.add("paid " + number);
            launch.own(() -> diary.add("returned " + number))
                    .provide(new Ticket(number))
                    .explain(exit -> exit.ok() ? exit : exit.with(exit.details().cause(new TooExpensive(number))));
        }
    }

    private Exit ended(Exit exit) {
        diary.add("ended");
        return exit;
    }

    private Confinement toll(int number) {
        return new Toll(number, diary);
    }

    @Test
    void whatIsOwnedIsClosedInReverseOrderAfterTheEnd() {
        try (Child child = Command.of("cat")
                .with(toll(1))
                .with(toll(2))
                .with(launch -> launch.own(() -> diary.add("gone")).explain(this::ended))
                .start()) {
            assertThat(child.isAlive()).isTrue();
            assertThat(diary).containsExactly("paid 1", "paid 2");
        }
        assertThat(diary).containsExactly("paid 1", "paid 2", "ended", "gone", "returned 2", "returned 1");
    }

    @Test
    void whatIsOwnedIsKeptUntilTheChildIsClosed() throws Exception {
        Child child = Command.of("true").with(toll(1)).start();
        child.await();
        assertThat(diary).containsExactly("paid 1");
        child.close();
        assertThat(diary).containsExactly("paid 1", "returned 1");
    }

    @Test
    void aLaunchThatFailsGivesBackWhatWasOwned() {
        assertThatThrownBy(() -> Command.of("/no/such/program")
                        .with(toll(1))
                        .with(toll(2))
                        .start())
                .isInstanceOf(ExecFailed.class);
        assertThat(diary).containsExactly("paid 1", "paid 2", "returned 2", "returned 1");
    }

    @Test
    void aCombinationThatIsImpossibleGivesBackWhatWasOwned() {
        assertThatThrownBy(() ->
                        Command.of("true").with(toll(1)).with(Launch::newProc).start())
                .isInstanceOf(ImpossibleLaunch.class);
        assertThat(diary).containsExactly("paid 1", "returned 1");
    }

    @Test
    void aLaterConfinementThatFailsEndsTheLaunchAndGivesBackWhatWasOwned() {
        IllegalStateException full = new IllegalStateException("the bridge is full");
        assertThatThrownBy(() -> Command.of("true")
                        .with(toll(1))
                        .with(launch -> {
                            throw full;
                        })
                        .with(toll(3))
                        .start())
                .isSameAs(full);
        assertThat(diary).containsExactly("paid 1", "returned 1");
    }

    @Test
    void oneThatCanNotBeGivenBackDoesNotKeepTheOthers() {
        Exception stuck = new Exception("stuck");
        assertThatThrownBy(() -> Command.of("/no/such/program")
                        .with(toll(1))
                        .with(launch -> launch.own(() -> {
                            throw stuck;
                        }))
                        .with(toll(3))
                        .start())
                .isInstanceOf(ExecFailed.class)
                .hasSuppressedException(stuck);
        assertThat(diary).containsExactly("paid 1", "paid 3", "returned 3", "returned 1");
    }

    @Test
    void whatIsProvidedIsFoundByItsType() {
        try (Child child = Command.of("cat").with(toll(7)).with(toll(8)).start()) {
            assertThat(child.find(Ticket.class)).contains(new Ticket(7));
            assertThat(child.find(Record.class)).contains(new Ticket(7));
            assertThat(child.find(String.class)).isEmpty();
        }
    }

    @Test
    void explanationsAddUpInTheOrderOfTheConfinements() throws Exception {
        try (Child child =
                Command.of("sh", "-c", "exit 1").with(toll(5)).with(toll(6)).start()) {
            Exit exit = child.await();
            assertThat(exit.details().causes()).containsExactly(new TooExpensive(5), new TooExpensive(6));
            assertThat(exit.toString()).startsWith("exited 1 in ").endsWith(": too expensive (5), too expensive (6)");
        }
    }

    @Test
    void explanationsRunOnAThreadOfCorrals() throws Exception {
        List<String> threads = new CopyOnWriteArrayList<>();
        Confinement noting = launch -> launch.explain(exit -> {
            threads.add(Thread.currentThread().getName());
            return exit;
        });
        for (int i = 0; i < 50; i++) {
            try (Child child = Command.of("true").with(noting).start()) {
                child.await();
            }
        }
        assertThat(threads).hasSize(50).allMatch(name -> name.startsWith("corral-exit"));
    }

    @Test
    void anExplanationThatFailsCostsItsCausesAndNothingElse() throws Exception {
        List<Confinement> bad = new ArrayList<>();
        bad.add(launch -> launch.explain(exit -> {
            throw new IllegalStateException("no idea");
        }));
        bad.add(launch -> launch.explain(exit -> {
            throw new AssertionError("no idea at all");
        }));
        bad.add(launch -> launch.explain(StrangerTest::nothing));
        Command command = Command.of("sh", "-c", "exit 1");
        for (Confinement confinement : bad) {
            command = command.with(confinement);
        }
        try (Child child = command.with(toll(5)).start()) {
            assertThat(child.await().details().causes()).containsExactly(new TooExpensive(5));
        }
    }

    @SuppressWarnings("NullAway") // what a stranger without a null checker may do
    private static Exit nothing(Exit exit) {
        return null;
    }

    @Test
    void oneConfinementServesManyCommands() {
        Confinement shared = toll(1);
        for (int i = 0; i < 3; i++) {
            Command.of("cat").with(shared).start().close();
        }
        assertThat(diary).hasSize(6);
    }
}
