package org.smp4j.cli.output;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.Failure;
import org.smp4j.fuzz.ProgramResult;
import org.smp4j.race.Repeats;

/** Reports for other programs: their components by name, in order. */
public final class Json {
    /** Leaves out the exception that a strand has thrown: the message and the details contain it. */
    @JsonIgnoreProperties("thrown")
    private abstract static class WithoutThrown {
    }

    /** The output is ASCII, hence also UTF-8, whatever the terminal's encoding. */
    private static final ObjectMapper MAPPER = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build()
            .addMixIn(Failure.class, WithoutThrown.class);

    private Json() {
    }

    /** {@return any value, on many lines} */
    public static String of(Object value) {
        try {
            return MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return any value, on one line} */
    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return the text that {@link #line} made of a text} */
    public static String text(String json) throws JsonProcessingException {
        return MAPPER.readValue(json, String.class);
    }

    public static ProgramResult programResult(String json) throws JsonProcessingException {
        return MAPPER.readValue(json, ProgramResult.class);
    }

    public static Repeats repeats(String json) throws JsonProcessingException {
        return MAPPER.readValue(json, Repeats.class);
    }

    public static Report report(String json) throws JsonProcessingException {
        return MAPPER.readValue(json, Report.class);
    }
}
