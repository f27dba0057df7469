package org.smp4j.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.litmus.parse.LitmusParser;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.search.LitmusResult;
import org.smp4j.litmus.search.LitmusSearch;
import org.smp4j.litmus.search.SearchOptions;

/** The project's own litmus tests: each rule of the models as a shape that shows it, and one that it forbids. */
class LitmusFilesTest {
    private static final Path FOLDER = Path.of("src/test/resources/litmus");
    private static final Pattern EXPECTED =
            Pattern.compile("\\(\\* java: (\\w+), append-only: (\\w+), tso: (\\w+), sc: (\\w+)"
            + "(?:, incoherent reads: (\\w+))? \\*\\)");
    private static final SearchOptions JAVA = SearchOptions.DEFAULT;
    private static final List<SearchOptions> MODELS = List.of(JAVA.withIncoherent(true), JAVA,
            JAVA.withInsertion(false), JAVA.withModel(MemoryModel.TSO).withInsertion(false),
            JAVA.withModel(MemoryModel.SC).withInsertion(false));

    /** A test with the results that its comment names. */
    record Expectation(LitmusTest test, List<String> observations) {
        @Override
        public String toString() {
            return test.name();
        }
    }

    static List<Expectation> tests() throws IOException {
        List<Expectation> all = new ArrayList<>();
        for (String dialect : new String[] {"kernel", "c11", "java"}) {
            String content = Files.readString(FOLDER.resolve(dialect + ".litmus.txt"));
            Matcher expected = EXPECTED.matcher(content);
            for (LitmusParser.Named named : LitmusParser.parseAll(content)) {
                assertThat(named.refusal()).as(named.name()).isNull();
                assertThat(expected.find()).as(named.name()).isTrue();
                assertThat(named.test().dialect()).as(named.name())
                        .isEqualTo(LitmusTest.Dialect.valueOf(dialect.toUpperCase()));
                String incoherent = expected.group(5) == null ? expected.group(1) : expected.group(5);
                all.add(new Expectation(named.test(), List.of(incoherent, expected.group(1), expected.group(2),
                        expected.group(3), expected.group(4))));
            }
        }
        assertThat(all).hasSizeGreaterThan(50);
        return all;
    }

    @Test
    void samplesOfJcstressCanBeRead() throws IOException {
        assertThat(LitmusParser.parseAll(Files.readString(FOLDER.resolve("jcstress.litmus.txt"))))
                .allMatch(named -> named.test() != null).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("tests")
    void everyModelShowsWhatItShould(Expectation expectation) {
        List<String> observations = MODELS.stream()
                .map(model -> LitmusSearch.search(expectation.test(), model, () -> false))
                .map(LitmusResult::observation).toList();
        assertThat(observations).isEqualTo(expectation.observations());
    }

    /** What a stronger model shows, a weaker one shows too. */
    @ParameterizedTest
    @MethodSource("tests")
    void strongerModelsShowLess(Expectation expectation) {
        List<List<String>> states = MODELS.stream()
                .map(model -> LitmusSearch.search(expectation.test(), model, () -> false))
                .map(LitmusResult::states).toList();
        for (int i = 1; i < states.size(); i++) {
            assertThat(states.get(i - 1)).containsAll(states.get(i));
        }
        assertThat(states.getLast()).isNotEmpty();
    }
}
