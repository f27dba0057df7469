package org.smp4j.explore.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.protocol.Faults;
import org.smp4j.explore.protocol.Small;

/** A damaged class file gives a message of one line, whatever the damage. */
class DamagedTest {
    private static final int MUTANTS = 250;
    private static final ExploreOptions FEW = ExploreOptions.DEFAULT.withSchedules(3).withStepLimit(1000)
            .withShrink(false).withBudget(TimeUnit.SECONDS.toNanos(20));

    @TempDir
    private Path folder;

    /** Finds one class file in another place. */
    private static final class Replacing extends ClassLoader {
        private final String path;
        private final Path file;

        Replacing(String path, Path file) {
            super(DamagedTest.class.getClassLoader());
            this.path = path;
            this.file = file;
        }

        @Override
        public URL getResource(String name) {
            try {
                return name.equals(path) ? file.toUri().toURL() : super.getResource(name);
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static byte[] bytes(String path) throws IOException {
        try (InputStream in = DamagedTest.class.getClassLoader().getResourceAsStream(path)) {
            return in.readAllBytes();
        }
    }

    /** Explores the first class with another file for the second, which is the first or one that it uses. */
    private void explore(Class<?> scenario, Class<?> damaged, byte[] bytes) throws IOException {
        String path = Definitions.path(damaged.getName());
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        LoadedProgram program = new LoadedProgram(scenario.getName(), RewriteOptions.defaults(),
                new Replacing(path, file));
        assertThat(Explorer.explore(program, FEW, Explorer.Progress.NONE).text()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(classes = {Faults.Deadlock.class, Faults.Pair.class, Faults.AfterYou.class})
    void everyMutantIsExploredOrRefusedInOneLine(Class<?> damaged) throws IOException {
        Class<?> scenario = damaged == Faults.Pair.class ? Faults.Deadlock.class : damaged;
        byte[] whole = bytes(Definitions.path(damaged.getName()));
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            try {
                explore(scenario, damaged, mutant(whole, new Random(i)));
            } catch (ExplorerException e) {
                refused++;
                assertThat(e.getMessage()).as("mutant %d", i).isNotBlank().doesNotContain("\n");
            }
        }
        assertThat(refused).isBetween(MUTANTS / 3, MUTANTS - 1);
    }

    private static byte[] mutant(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        switch (random.nextInt(5)) {
            case 0 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            case 1 -> Arrays.fill(bytes, random.nextInt(bytes.length), bytes.length, (byte) random.nextInt());
            default -> {
                for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
        }
        return bytes;
    }

    @Test
    void messagesNameTheFile() throws IOException {
        byte[] whole = bytes(Definitions.path(Faults.Deadlock.class.getName()));
        assertThatThrownBy(() -> explore(Faults.Deadlock.class, Faults.Deadlock.class, Arrays.copyOf(whole, 100)))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("Faults$Deadlock can't be").hasMessageContaining(folder.toString());
        assertThatThrownBy(() -> explore(Faults.Deadlock.class, Faults.Deadlock.class,
                bytes(Definitions.path(Small.Livelock.class.getName()))))
                .isInstanceOf(ExplorerException.class).hasMessageContaining("is not the class file of that name");
        assertThatThrownBy(() -> explore(Faults.Deadlock.class, Faults.Pair.class, new byte[0]))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("Faults$Pair");
    }
}
