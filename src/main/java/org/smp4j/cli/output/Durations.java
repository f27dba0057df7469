package org.smp4j.cli.output;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: 90s, 1.5s, 2m, 1h30m. */
public final class Durations implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
        try {
            Duration duration = Duration.parse("PT" + value.toUpperCase(Locale.ROOT));
            if (duration.isPositive() && duration.toDays() < 10_000) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw wrong(value);
        }
        throw wrong(value);
    }

    private static TypeConversionException wrong(String value) {
        return new TypeConversionException("expected a duration such as 90s, 2m or 1h30m, got " + value);
    }
}
