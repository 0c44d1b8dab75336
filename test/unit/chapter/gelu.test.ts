import { gelu } from '../../../server/chapter/gelu';
import reference from '../../reference/positional/attention.json';
import { closeTo } from '../positional/closeTo';

describe('GELU', () => {
  it("equals PyTorch's exact one", () => {
    closeTo(reference.gelu.x.map(gelu), reference.gelu.gelu, 1e-11);
  });
});
