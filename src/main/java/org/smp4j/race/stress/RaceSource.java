package org.smp4j.race.stress;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.RaceFacts;

/** Writes a race of two CPUs as tests for jcstress: one of the buggy variant and one of the fixed one. */
public final class RaceSource {
    private RaceSource() {
    }

    /**
     * The name of the class.
     *
     * @param slug the race
     * @return the name
     */
    public static String className(String slug) {
        return Stream.of(slug.split("-")).map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    /**
     * Writes the class. It needs smp4j and jcstress to be compiled and run.
     *
     * @param entry a race that {@link TwoActors#refusal} does not refuse
     * @return the source
     */
    public static String of(GalleryEntry entry) {
        RaceFacts facts = entry.facts();
        return """
                package races;

                import org.openjdk.jcstress.annotations.Actor;
                import org.openjdk.jcstress.annotations.Arbiter;
                import org.openjdk.jcstress.annotations.Description;
                import org.openjdk.jcstress.annotations.Expect;
                import org.openjdk.jcstress.annotations.JCStressTest;
                import org.openjdk.jcstress.annotations.Outcome;
                import org.openjdk.jcstress.annotations.State;
                import org.openjdk.jcstress.infra.results.L_Result;
                import org.smp4j.race.Variant;
                import org.smp4j.race.stress.TwoActors;

                /** The race SLUG on real CPUs: what a run shows is the rule that it broke. */
                public class NAME {
                """.replace("SLUG", facts.slug()).replace("NAME", className(facts.slug()))
                + test(facts, "Buggy", "ACCEPTABLE_INTERESTING", "the race: " + facts.symptom())
                + "\n" + test(facts, "Fixed", "FORBIDDEN", "the fix does not hold") + "}\n";
    }

    private static String test(RaceFacts facts, String variant, String otherwise, String meaning) {
        return """
                    @JCStressTest
                    @Description("SLUG, STATE")
                    @Outcome(id = "HOLDS", expect = Expect.ACCEPTABLE, desc = "no rule is broken")
                    @Outcome(expect = Expect.OTHERWISE, desc = "MEANING")
                    @State
                    public static class VARIANT {
                        private final TwoActors race = new TwoActors("SLUG", Variant.UPPER);

                        @Actor
                        public void cpu0() {
                            race.play(0);
                        }

                        @Actor
                        public void cpu1() {
                            race.play(1);
                        }

                        @Arbiter
                        public void check(L_Result result) {
                            result.r1 = race.outcome();
                        }
                    }
                """.replace("SLUG", facts.slug()).replace("STATE", variant.equals("Buggy") ? "before the fix" : "after "
                + "the fix").replace("HOLDS", TwoActors.HOLDS).replace("OTHERWISE", otherwise)
                .replace("MEANING", meaning.replace("\\", "\\\\").replace("\"", "\\\""))
                .replace("VARIANT", variant).replace("UPPER", variant.toUpperCase(Locale.ROOT));
    }
}
