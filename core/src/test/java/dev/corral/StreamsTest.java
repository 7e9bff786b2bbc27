package dev.corral;

import static dev.corral.testing.Outputs.line;
import static dev.corral.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.testing.Outputs;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pipes to and from a child. */
class StreamsTest {
    private static final int MUCH = 3 << 20;

    @Test
    void outputAndErrorArriveOnStreamsOfTheirOwn() throws Exception {
        try (Child child = Command.of("sh", "-c", "echo out; echo err >&2").start()) {
            assertThat(Outputs.of(child)).isEqualTo("out\n");
            assertThat(new String(child.getErrorStream().readAllBytes(), UTF_8)).isEqualTo("err\n");
        }
    }

    @Test
    void errorMergedIntoOutputKeepsTheOrder() throws Exception {
        try (Child child = Command.of("sh", "-c", "echo a; echo b >&2; echo c")
                .errorIntoOutput()
                .start()) {
            assertThat(Outputs.of(child)).isEqualTo("a\nb\nc\n");
            assertThat(child.getErrorStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void closingTheInputIsTheEndOfFile() throws Exception {
        try (Child child = Command.of("cat").start()) {
            child.getOutputStream().write("some words".getBytes(UTF_8));
            child.getOutputStream().close();
            assertThat(Outputs.of(child)).isEqualTo("some words");
            assertThat(child.await().ok()).isTrue();
        }
    }

    @Test
    void everyByteGoesBothWays() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (Child child = Command.of("cat").start()) {
            for (byte one : all) {
                child.getOutputStream().write(one);
                assertThat(child.getInputStream().read()).isEqualTo(one & 0xff);
            }
        }
    }

    @Test
    void muchMoreThanAPipeHoldsGoesBothWaysAtOnce() throws Exception {
        byte[] sent = new byte[MUCH];
        new Random(42).nextBytes(sent);
        try (Child child = Command.of("cat").start()) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> writeAll(child, sent));
            byte[] received = child.getInputStream().readAllBytes();
            writing.get(30, TimeUnit.SECONDS);
            assertThat(Arrays.equals(received, sent)).isTrue();
            assertThat(child.await().ok()).isTrue();
        }
    }

    private static void writeAll(Child child, byte[] bytes) {
        try (OutputStream out = child.getOutputStream()) {
            out.write(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void outputStaysReadableAfterTheEnd() throws Exception {
        try (Child child = Command.of("echo", "last words").start()) {
            child.await();
            assertThat(child.getInputStream().available()).isEqualTo("last words\n".length());
            assertThat(Outputs.of(child)).isEqualTo("last words\n");
            assertThat(child.getInputStream().available()).isZero();
        }
    }

    @Test
    void writingToWhoeverHasGoneIsAnIOException() throws Exception {
        try (Child child = Command.of("true").start()) {
            child.await();
            assertThatThrownBy(() -> child.getOutputStream().write(new byte[1]))
                    .isInstanceOf(IOException.class)
                    .hasMessage("broken pipe: nobody reads it");
        }
    }

    @Test
    void aWriterThatWaitsHearsThatTheReaderHasGone() throws Exception {
        try (Child child = Command.of("head", "-c", "1").start()) {
            assertThatThrownBy(() -> child.getOutputStream().write(new byte[MUCH]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("broken pipe");
        }
    }

    @Test
    void aStreamThatIsNoPipeIsAtItsEndAndSwallows() throws Exception {
        try (Child child = Command.of("cat")
                .input(Stdio.nothing())
                .output(Stdio.nothing())
                .error(Stdio.nothing())
                .start()) {
            child.getOutputStream().write(1);
            assertThat(child.getInputStream().read()).isEqualTo(-1);
            assertThat(child.getErrorStream().read()).isEqualTo(-1);
            assertThat(child.await().ok()).isTrue();
        }
    }

    @Test
    void aReadThatWaitsCanBeInterruptedAndGoesOnLater() throws Exception {
        try (Child child = Command.of("cat").start()) {
            FutureTask<Boolean> read = new FutureTask<>(() -> {
                assertThatThrownBy(() -> child.getInputStream().read()).isInstanceOf(InterruptedIOException.class);
                return Thread.interrupted();
            });
            Thread reader = new Thread(read);
            reader.start();
            awaitWaiting(reader);
            reader.interrupt();
            assertThat(read.get(30, TimeUnit.SECONDS)).as("the flag is kept").isTrue();

            child.getOutputStream().write('x');
            assertThat(child.getInputStream().read()).isEqualTo('x');
        }
    }

    @Test
    void aReadThatWaitsEndsWhenTheStreamIsClosed() throws Exception {
        try (Child child = Command.of("cat").start()) {
            InputStream output = child.getInputStream();
            FutureTask<Integer> read = new FutureTask<>(output::read);
            Thread reader = new Thread(read);
            reader.start();
            awaitWaiting(reader);
            output.close();
            assertThatThrownBy(() -> read.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessage("stream closed");
            assertThatThrownBy(output::available).isInstanceOf(IOException.class);
            output.close();
        }
    }

    @Test
    void aWriteThatWaitsEndsWhenTheChildIsClosed() throws Exception {
        FutureTask<Void> write;
        try (Child child = Command.of("sleep", "100").start()) {
            write = new FutureTask<>(() -> {
                child.getOutputStream().write(new byte[MUCH]);
                return null;
            });
            Thread writer = new Thread(write);
            writer.start();
            awaitWaiting(writer);
        }
        assertThatThrownBy(() -> write.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void twoReadersShareOneStream() throws Exception {
        try (Child child = Command.of("cat").start()) {
            FutureTask<Integer> first = new FutureTask<>(child.getInputStream()::read);
            FutureTask<Integer> second = new FutureTask<>(child.getInputStream()::read);
            Thread one = new Thread(first);
            Thread two = new Thread(second);
            one.start();
            two.start();
            awaitWaiting(one);
            awaitWaiting(two);
            child.getOutputStream().write(new byte[] {1, 2});
            assertThat(first.get(30, TimeUnit.SECONDS) + second.get(30, TimeUnit.SECONDS))
                    .isEqualTo(3);
        }
    }

    @Test
    void nothingOfTheOneStreamHoldsUpTheOther() throws Exception {
        String script = "head -c 300000 /dev/zero >&2; echo done";
        try (Child child = Command.of("sh", "-c", script).start()) {
            CompletableFuture<byte[]> error = CompletableFuture.supplyAsync(() -> {
                try {
                    return child.getErrorStream().readAllBytes();
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
            assertThat(line(child)).isEqualTo("done");
            assertThat(error.get(30, TimeUnit.SECONDS)).hasSize(300_000);
        }
    }

    private static void awaitWaiting(Thread thread) {
        await().until(() -> thread.getState() == Thread.State.WAITING);
    }
}
