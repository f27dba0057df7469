package org.smp4j.litmus;

import java.util.Map;
import org.smp4j.litmus.program.Expression;
import org.smp4j.litmus.program.Instruction;

/** Gives the registers of an instruction other numbers. */
final class Renaming {
    private Renaming() {
    }

    /** {@return the instruction, but with the registers that it reads renamed} */
    static Instruction uses(Instruction instruction, Map<Integer, Integer> names) {
        return switch (instruction) {
            case Instruction.Assign assign ->
                new Instruction.Assign(assign.at(), assign.register(), of(assign.value(), names));
            case Instruction.Assume assume -> new Instruction.Assume(assume.at(), of(assume.condition(), names));
            case Instruction.Load load ->
                new Instruction.Load(load.at(), load.register(), of(load.address(), names), load.mode());
            case Instruction.Store store -> new Instruction.Store(store.at(), of(store.address(), names),
                    of(store.value(), names), store.mode());
            case Instruction.Update update -> new Instruction.Update(update.at(), update.read(), update.done(),
                    of(update.address(), names), update.operator(), of(update.operand(), names),
                    update.expected() == null ? null : of(update.expected(), names), update.inverted(), update.mode(),
                    update.failure(), update.weak(), update.must());
            default -> instruction;
        };
    }

    /** {@return the instruction, but with the registers that it writes renamed} */
    static Instruction results(Instruction instruction, Map<Integer, Integer> names) {
        return switch (instruction) {
            case Instruction.Assign assign ->
                new Instruction.Assign(assign.at(), names.get(assign.register()), assign.value());
            case Instruction.Load load ->
                new Instruction.Load(load.at(), names.get(load.register()), load.address(), load.mode());
            case Instruction.Update update -> new Instruction.Update(update.at(), names.get(update.read()),
                    names.get(update.done()), update.address(), update.operator(), update.operand(),
                    update.expected(), update.inverted(), update.mode(), update.failure(), update.weak(),
                    update.must());
            default -> instruction;
        };
    }

    private static Expression of(Expression expression, Map<Integer, Integer> names) {
        return switch (expression) {
            case Expression.Register register ->
                new Expression.Register(names.getOrDefault(register.index(), register.index()));
            case Expression.Binary binary -> new Expression.Binary(binary.operator(), of(binary.left(), names),
                    of(binary.right(), names));
            case Expression.Conditional conditional -> new Expression.Conditional(of(conditional.condition(), names),
                    of(conditional.yes(), names), of(conditional.no(), names));
            case Expression.Constant constant -> constant;
        };
    }
}
