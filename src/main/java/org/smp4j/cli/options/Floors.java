package org.smp4j.cli.options;

import org.smp4j.fuzz.grammar.Focus;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Names of what generated programs are about. */
public final class Floors implements ITypeConverter<Focus> {
    @Override
    public Focus convert(String value) {
        try {
            return Focus.of(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
